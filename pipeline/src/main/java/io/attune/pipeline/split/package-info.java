/**
 * Divides documents into train, validation and test.
 *
 * <p>In: clean documents and a rule. Out: the same rows with a column {@code split}, the same
 * whatever their order and partitioning. Depends on {@code failure} and {@code schemas}; reads and
 * writes no files.
 */
package io.attune.pipeline.split;
