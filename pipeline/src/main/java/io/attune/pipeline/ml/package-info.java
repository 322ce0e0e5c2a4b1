/**
 * Offers a published model in Spark's own words: as a transformer of {@code spark.ml} and as a
 * function of SQL.
 *
 * <p>In: the folder of a model bundle, or a root and a task. Out: columns with labels and
 * probabilities. Depends on {@code scoring}, {@code bundle} and {@code storage}; writes nothing.
 */
package io.attune.pipeline.ml;
