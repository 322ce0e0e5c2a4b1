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

/** Trains an {@link AveragingCase} from its beginning and says what came of it. */
final class AveragingTraining {
  /** Tokens are no limit: minibatches are of so many rows, as DL4J's. */
  private static final int ANY_TOKENS = 1 << 20;

  /** Rows that no training sees. */
  private static final int VALIDATION = 500;

  private AveragingTraining() {}

  /**
   * What all trainings share.
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
   * After an epoch.
   *
   * @param examples trained by then
   * @param seconds of training by then, without those of validation
   * @param loss on the validation rows, mean over the rows in nats; lower is better
   */
  record Point(long examples, double seconds, double loss) {}

  /**
   * A whole training.
   *
   * @param given rows that the master was given, over all epochs
   * @param counts what was trained of them
   */
  record Outcome(long given, StepTally.Counts counts, List<Point> curve, int workers) {
    double seconds() {
      return curve.get(curve.size() - 1).seconds();
    }

    double loss() {
      return curve.get(curve.size() - 1).loss();
    }

    double tokensPerSecond() {
      return counts.tokens() / seconds();
    }

    /** Share of the time in which a worker is not in a forward or backward pass, in [0, 1]. */
    double notTraining() {
      return Math.max(0, 1 - counts.seconds() / workers / seconds());
    }
  }

  /** Trains; the workers must be threads of this JVM. */
  static Outcome run(JavaSparkContext spark, AveragingCase given, Plan plan, long seed) {
    SparkComputationGraph graph = graph(spark, given, plan, seed);
    MultiDataSet validation = plan.source().rows(plan.rows(), plan.rows() + VALIDATION);
    JavaRDD<MultiDataSet> rdd = rows(spark, given, plan);
    StepTally.take();
    List<Point> curve = new ArrayList<>();
    long examples = 0;
    double seconds = 0;
    StepTally.Counts all = new StepTally.Counts(0, 0, 0, 0);
    for (int epoch = 0; epoch < plan.epochs(); epoch++) {
      long started = System.nanoTime();
      fit(graph, given, plan, rdd);
      seconds += (System.nanoTime() - started) / 1e9;
      StepTally.Counts made = StepTally.take();
      all =
          new StepTally.Counts(
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

  /** A network with its master, that counts by {@link StepTally}. */
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
              .saveUpdater(true) // As Attune's does; its own default forgets Adam's state.
              .rddTrainingApproach(RDDTrainingApproach.Direct) // Export needs DataVec, not here.
              .rngSeed(seed)
              .trainingHooks(new StepTally())
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
    master.addHook(new StepTally());
    return master;
  }

  /** The rows as an RDD; two parts a worker, as users' data is seldom cut to fit. */
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
