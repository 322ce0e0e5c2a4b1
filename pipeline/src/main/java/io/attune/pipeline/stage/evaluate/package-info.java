/**
 * Evaluates the candidate, the current model and a linear baseline on the same rows.
 *
 * <p>In: the dataset, the table of clean documents at the dataset's snapshot, the bundles of the
 * models. Out: {@code runs/<task>/<run>/evaluation/} with {@code evaluation.json} and every single
 * prediction as Parquet. Depends on {@code bundle}, {@code text}, {@code metric}, {@code storage}
 * and {@code schemas}.
 */
package io.attune.pipeline.stage.evaluate;
