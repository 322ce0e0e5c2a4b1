/**
 * Provides memory outside the Java heap as floats and as matrices of them. Depends on JavaCPP and
 * on ND4J's arrays.
 */
package io.attune.neural.memory;
