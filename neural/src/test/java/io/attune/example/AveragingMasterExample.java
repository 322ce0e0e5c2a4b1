package io.attune.example;

import io.attune.neural.averaging.AveragingMaster;
import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.MasterConfig;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Uses Attune's master in place of DL4J's {@code ParameterAveragingTrainingMaster}, in a program
 * that already trains DL4J on Spark: only the master changes.
 */
final class AveragingMasterExample {
  private AveragingMasterExample() {}

  /**
   * Returns a master that trains four networks side by side and averages them after every five
   * minibatches of at most 16 rows.
   *
   * <p>The second limit of a minibatch counts time steps, for rows that are sequences; here only
   * the number of rows matters.
   */
  static AveragingMaster master() {
    int workers = 4;
    int averagingFrequency = 5;
    BatchLimits minibatch = new BatchLimits(16, Integer.MAX_VALUE);
    long seed = 42;
    AveragingConfig averaging = AveragingConfig.builder(workers, averagingFrequency).build();
    return new AveragingMaster(MasterConfig.builder(averaging, minibatch, seed).build())
        .listen(
            (round, network, outer) ->
                System.out.printf(
                    "round %d of %d: %d rows, loss %.3f%n",
                    round.round() + 1, round.rounds(), round.rowsTrained(), round.loss()));
  }

  /** Trains on an RDD: data sets of any number of rows, in any number of partitions. */
  static ComputationGraph trainOnRdd(
      JavaSparkContext sc,
      ComputationGraphConfiguration conf,
      JavaRDD<MultiDataSet> rdd,
      int epochs) {
    SparkComputationGraph graph = new SparkComputationGraph(sc, conf, master());
    for (int epoch = 0; epoch < epochs; epoch++) {
      graph.fitMultiDataSet(rdd);
    }
    return graph.getNetwork();
  }

  /** Trains on files that {@code MultiDataSet.save} wrote, each one minibatch. */
  static ComputationGraph trainOnFiles(
      JavaSparkContext sc, ComputationGraphConfiguration conf, JavaRDD<String> paths, int epochs) {
    SparkComputationGraph graph = new SparkComputationGraph(sc, conf, master());
    for (int epoch = 0; epoch < epochs; epoch++) {
      graph.fitPathsMultiDataSet(paths);
    }
    return graph.getNetwork();
  }
}
