/**
 * Multiplies floats that are rounded to 8-bit integers: rows are rounded, multiplied by oneDNN with
 * exact sums, and become floats again. Depends on the memory and the operations of oneDNN.
 */
package io.attune.neural.int8;
