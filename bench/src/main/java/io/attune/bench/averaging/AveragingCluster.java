package io.attune.bench.averaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.bench.averaging.AveragingCase.Input;
import io.attune.bench.averaging.AveragingCase.Layers;
import io.attune.bench.averaging.AveragingCase.Master;
import io.attune.bench.averaging.AveragingTraining.Plan;
import io.attune.bench.layers.ContenderTimes;
import io.attune.neural.averaging.AveragingMaster;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.Round;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Measures bytes and costs of a round between JVMs, on a Spark cluster of this machine with two
 * executors of one core. Runs in a process of its own, see {@link ClusterProcess}.
 */
final class AveragingCluster {
  private static final int SLOTS = 2;
  private static final int ROUNDS = 6;

  /** Holds the number of first rounds that are not timed, since code is compiled in them. */
  private static final int COLD = 2;

  private static final int MANY_TASKS = 64;
  private static final int BATCH = 16;
  private static final int TOKENS = 32;
  private static final int FREQUENCY = 2;
  private static final List<Integer> WORKERS = List.of(1, 2, 4, 8);

  private AveragingCluster() {}

  /**
   * Holds the cost of a round of one master with one number of workers.
   *
   * @param slots tasks that run at a time
   * @param copy bytes of the parameters and of the optimizer's state
   * @param bytesPerRound that the driver received as results of tasks
   * @param seconds of a round in addition to its steps, median; 0 if unknown
   * @param perTask seconds of a task that does nothing, in a job of many
   */
  record RoundCost(
      Master master,
      int workers,
      int slots,
      long copy,
      double bytesPerRound,
      double seconds,
      double perTask) {}

  /**
   * Measures averaging on a cluster and prints a line of JSON for each {@link RoundCost}.
   *
   * @param arguments the width of the network
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // DL4J prints text of its own there.
    int width = Integer.parseInt(arguments[0]);
    try (JavaSparkContext spark = new JavaSparkContext(conf())) {
      Bytes bytes = new Bytes();
      spark.sc().addSparkListener(bytes);
      bytes.perTask = (idle(spark, MANY_TASKS) - idle(spark, SLOTS)) / (MANY_TASKS - SLOTS);
      for (int size : new int[] {width / 4, width}) {
        for (int workers : WORKERS) {
          answers.println(Json.line(measure(spark, bytes, given(Master.ATTUNE, workers), size)));
        }
      }
      for (int workers : WORKERS) {
        answers.println(Json.line(measure(spark, bytes, given(Master.DL4J, workers), width)));
      }
    }
    System.exit(0); // The cluster may leave threads behind.
  }

  /** Measures the median seconds of a job whose tasks do nothing. */
  private static double idle(JavaSparkContext spark, int tasks) {
    List<Double> seconds = new ArrayList<>();
    for (int job = 0; job < COLD + ROUNDS; job++) {
      long started = System.nanoTime();
      spark.parallelize(List.of(1), tasks).count();
      if (job >= COLD) {
        seconds.add((System.nanoTime() - started) / 1e9);
      }
    }
    return ContenderTimes.median(seconds);
  }

  private static AveragingCase given(Master master, int workers) {
    Input input = master == Master.ATTUNE ? Input.RANGES : Input.RDD;
    return new AveragingCase(master, Layers.ATTUNE, input, workers);
  }

  private static RoundCost measure(
      JavaSparkContext spark, Bytes bytes, AveragingCase given, int width) {
    int rows = given.workers() * BATCH * FREQUENCY * ROUNDS;
    Plan plan = new Plan(new SyntheticTexts(TOKENS), width, rows, 1, BATCH, FREQUENCY, 1e-3);
    SparkComputationGraph graph = AveragingTraining.graph(spark, given, plan, 1);
    List<Round> rounds = new ArrayList<>();
    if (graph.getTrainingMaster() instanceof AveragingMaster master) {
      master.listen((round, network, outer) -> rounds.add(round));
    }
    JavaRDD<MultiDataSet> rdd = AveragingTraining.rows(spark, given, plan);
    bytes.take(spark);
    AveragingTraining.fit(graph, given, plan, rdd);
    NetworkState state = NetworkState.of(graph.getNetwork());
    double turns = Math.max(1, (double) given.workers() / SLOTS);
    return new RoundCost(
        given.master(),
        given.workers(),
        SLOTS,
        (long) Float.BYTES * (state.parameters().length + state.updater().length),
        (double) bytes.take(spark) / ROUNDS,
        rounds.isEmpty() ? 0 : overheadOfSteps(rounds.subList(COLD, rounds.size()), turns),
        bytes.perTask);
  }

  private static double overheadOfSteps(List<Round> rounds, double turns) {
    return ContenderTimes.median(
        rounds.stream()
            .map(
                round ->
                    Math.max(
                        1e-3,
                        round.seconds() - turns * (round.computeSeconds() + round.readSeconds())))
            .toList());
  }

  private static SparkConf conf() {
    String options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> option.startsWith("--add-") || option.startsWith("-Dorg.bytedeco"))
            .collect(Collectors.joining(" "));
    return new SparkConf()
        .setMaster("local-cluster[" + SLOTS + ",1,1024]")
        .setAppName("attune bench averaging")
        .set("spark.executor.memory", "1g")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set("spark.executor.extraJavaOptions", options)
        .set("spark.executorEnv.OMP_NUM_THREADS", "1")
        .set("spark.executorEnv.OPENBLAS_NUM_THREADS", "1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.ui.enabled", "false");
  }

  /** Reads a line that {@link #main} printed. */
  static RoundCost read(String line) throws IOException {
    return new ObjectMapper().readValue(line, RoundCost.class);
  }

  /** Sums the sizes of the results of tasks; also holds the cost of a task that does nothing. */
  private static final class Bytes extends SparkListener {
    private double perTask;
    private final AtomicLong sum = new AtomicLong();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskMetrics() != null) {
        sum.addAndGet(end.taskMetrics().resultSize());
      }
    }

    /** Returns the bytes since the last call. */
    long take(JavaSparkContext spark) {
      try {
        spark.sc().listenerBus().waitUntilEmpty();
      } catch (TimeoutException e) {
        throw new IllegalStateException("Spark's listeners do not keep up", e);
      }
      return sum.getAndSet(0);
    }
  }
}
