/** Compares the averaging master with DL4J's. */
package io.attune.bench.averaging;
