/**
 * Compares Attune with other implementations, started by {@code ./attune bench}; never part of the
 * tests.
 */
package io.attune.bench;
