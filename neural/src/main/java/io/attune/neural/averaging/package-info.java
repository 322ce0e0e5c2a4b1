/**
 * Implements parameter averaging for DL4J on Spark: a {@code TrainingMaster} for {@code
 * SparkComputationGraph} that trains every row exactly once an epoch and weights by examples.
 *
 * <p>In: a network, and an RDD of data sets or of paths. Out: the trained network, and one {@link
 * io.attune.neural.averaging.state.Round} for each averaging round. It does not know texts,
 * datasets or runs, and depends only on Spark, DL4J and the failures.
 */
package io.attune.neural.averaging;
