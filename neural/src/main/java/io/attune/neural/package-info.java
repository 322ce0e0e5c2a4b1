/**
 * Provides attention networks for Deeplearning4j, and parameter averaging on Spark: a library for
 * any DL4J user, of which Attune's pipeline is one.
 *
 * <pre>
 * encoder    the contract: shapes, parameter layout, token batches, dropout
 * cpu        its implementation in floats on the CPU         (internal)
 * nd4j       its implementation by ND4J operations           (internal)
 * layer      layers for any ComputationGraph
 * optim      updater and loss
 * network    the networks of Attune, and their attention weights
 * pretrained encoders of the BERT family from files
 * averaging  the TrainingMaster for SparkComputationGraph
 * </pre>
 */
package io.attune.neural;
