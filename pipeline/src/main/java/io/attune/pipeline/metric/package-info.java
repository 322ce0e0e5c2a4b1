/**
 * Measures predictions, and compares two sets of them.
 *
 * <p>In go counts of rows, or true and predicted classes; out come metrics as states that merge (a
 * partition, a shard or the whole set give the same value) and the statistics over them. Depends on
 * the report records and on commons-math; knows neither Spark nor files.
 */
package io.attune.pipeline.metric;
