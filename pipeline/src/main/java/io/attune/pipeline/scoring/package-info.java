/**
 * Asks a published model about the texts of rows, on executors.
 *
 * <p>In: rows with a text each, and the files of a model bundle. Out: the rows of the table of
 * scores. Depends on {@code bundle} and Spark; reads and writes nothing.
 */
package io.attune.pipeline.scoring;
