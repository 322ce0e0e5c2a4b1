/**
 * Parameter averaging for DL4J on Spark: a {@code TrainingMaster} for {@code SparkComputationGraph}
 * that trains every row exactly once an epoch and weights by examples.
 *
 * <p>In: a network, and an RDD of data sets or of paths. Out: the trained network, and one {@link
 * io.attune.neural.averaging.state.Round} for each averaging round. Knows nothing of text, of
 * datasets or of runs; depends on Spark, DL4J and the failures only.
 */
package io.attune.neural.averaging;
