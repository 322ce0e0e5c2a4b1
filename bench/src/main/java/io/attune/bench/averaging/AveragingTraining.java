package io.attune.bench.averaging;

import io.attune.neural.averaging.AveragingMaster;
import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.InnerState;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.config.OuterConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Trains an {@link AveragingCase} from its beginning and returns its results. */
final class AveragingTraining {
  /** Disables the limit of tokens: minibatches have a number of rows, as DL4J's. */
  private static final int ANY_TOKENS = 1 << 20;

  /** Holds the number of rows that no training reads. */
  private static final int VALIDATION = 500;

  private AveragingTraining() {}

  /**
   * Describes what all trainings have in common.
   *
   * @param source of the rows; those after {@code rows} are for validation
   * @param rows of an epoch
   * @param frequency minibatches between averages
   */
  record Plan(
      NumberedRows source, int width, int rows, int epochs, int batch, int frequency, double rate) {
    Plan withRows(int otherRows, int otherEpochs) {
      return new Plan(source, width, otherRows, otherEpochs, batch, frequency, rate);
    }
  }

  /**
   * Describes the state after an epoch.
   *
   * @param examples trained so far
   * @param seconds of training so far, without those of validation
   * @param loss on the validation rows, mean over the rows in nats; lower is better
   */
  record Point(long examples, double seconds, double loss) {}

  /**
   * Holds the results of a whole training.
   *
   * @param given rows that the master was given, over all epochs
   * @param counts rows, tokens and steps that were trained
   */
  record Outcome(long given, StepCounter.Counts counts, List<Point> curve, int workers) {
    double seconds() {
      return curve.get(curve.size() - 1).seconds();
    }

    double loss() {
      return curve.get(curve.size() - 1).loss();
    }

    double tokensPerSecond() {
      return counts.tokens() / seconds();
    }

    /**
     * Returns the fraction of the time in which a worker is not in a forward or backward pass, in
     * [0, 1].
     */
    double notTraining() {
      return Math.max(0, 1 - counts.seconds() / workers / seconds());
    }
  }

  /** Trains one case; the workers must be threads of this JVM. */
  static Outcome run(JavaSparkContext spark, AveragingCase given, Plan plan, long seed) {
    SparkComputationGraph graph = graph(spark, given, plan, seed);
    MultiDataSet validation = plan.source().rows(plan.rows(), plan.rows() + VALIDATION);
    JavaRDD<MultiDataSet> rdd = rows(spark, given, plan);
    StepCounter.take();
    List<Point> curve = new ArrayList<>();
    long examples = 0;
    double seconds = 0;
    StepCounter.Counts all = new StepCounter.Counts(0, 0, 0, 0);
    for (int epoch = 0; epoch < plan.epochs(); epoch++) {
      long started = System.nanoTime();
      fit(graph, given, plan, rdd);
      seconds += (System.nanoTime() - started) / 1e9;
      StepCounter.Counts made = StepCounter.take();
      all =
          new StepCounter.Counts(
              all.steps() + made.steps(),
              all.rows() + made.rows(),
              all.tokens() + made.tokens(),
              all.seconds() + made.seconds());
      examples += made.rows();
      curve.add(new Point(examples, seconds, graph.getNetwork().score(validation)));
    }
    graph.getTrainingMaster().deleteTempFiles(spark);
    return new Outcome((long) plan.rows() * plan.epochs(), all, curve, given.workers());
  }

  /** Makes a network with its master, which counts by {@link StepCounter}. */
  static SparkComputationGraph graph(
      JavaSparkContext spark, AveragingCase given, Plan plan, long seed) {
    return new SparkComputationGraph(spark, given.network(plan, seed), master(given, plan, seed));
  }

  private static TrainingMaster<?, ?> master(AveragingCase given, Plan plan, long seed) {
    return switch (given.master()) {
      case ATTUNE -> counted(averaging(given, plan), plan, seed);
      case ATTUNE_NESTEROV ->
          counted(
              averaging(given, plan)
                  .outer(new OuterConfig(OuterConfig.Kind.NESTEROV, 0.9, 0.7))
                  .innerState(InnerState.RESET),
              plan,
              seed);
      case DL4J ->
          new ParameterAveragingTrainingMaster.Builder(given.workers(), 1)
              .batchSizePerWorker(plan.batch())
              .averagingFrequency(plan.frequency())
              .saveUpdater(true) // As Attune's does; the default discards Adam's state.
              .rddTrainingApproach(
                  RDDTrainingApproach.Direct) // Export needs DataVec, which Attune lacks.
              .rngSeed(seed)
              .trainingHooks(new StepCounter())
              .build();
    };
  }

  private static AveragingConfig.Builder averaging(AveragingCase given, Plan plan) {
    return AveragingConfig.builder(given.workers(), plan.frequency());
  }

  private static AveragingMaster counted(AveragingConfig.Builder averaging, Plan plan, long seed) {
    BatchLimits batch = new BatchLimits(plan.batch(), ANY_TOKENS);
    AveragingMaster master =
        new AveragingMaster(MasterConfig.builder(averaging.build(), batch, seed).build());
    master.addHook(new StepCounter());
    return master;
  }

  /**
   * Returns the rows as an RDD with two partitions for each worker, since users' data is rarely
   * partitioned to fit.
   */
  static JavaRDD<MultiDataSet> rows(JavaSparkContext spark, AveragingCase given, Plan plan) {
    return switch (given.input()) {
      case RDD -> spark.parallelize(plan.source().singles(plan.rows()), 2 * given.workers());
      case RANGES -> spark.emptyRDD();
    };
  }

  /** Trains an epoch. */
  static void fit(
      SparkComputationGraph graph, AveragingCase given, Plan plan, JavaRDD<MultiDataSet> rdd) {
    switch (given.input()) {
      case RDD -> graph.fitMultiDataSet(rdd);
      case RANGES -> {
        JavaSparkContext spark = graph.getSparkContext();
        graph.fitPaths(spark.parallelize(List.of(NumberedRows.path(plan.rows()))), plan.source());
      }
    }
  }
}
