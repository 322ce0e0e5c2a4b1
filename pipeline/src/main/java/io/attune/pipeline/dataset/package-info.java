/**
 * Reads the rows of a dataset with the texts of their documents.
 *
 * <p>In: shards and the table of clean documents. Out: rows with id, labels, text and the columns
 * that evaluations are sliced by. Depends on {@code storage}, {@code copies}, {@code text}, {@code
 * metric} and {@code schemas}.
 */
package io.attune.pipeline.dataset;
