package io.attune.neural.averaging;

import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RoundPlan;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.plan.RowSequence;
import io.attune.neural.averaging.state.AveragingProgress;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Score;
import io.attune.neural.averaging.worker.GpuProfile;
import io.attune.neural.averaging.worker.PathWork;
import io.attune.neural.averaging.worker.RangeWork;
import io.attune.neural.averaging.worker.Replicas;
import io.attune.neural.averaging.worker.ScoreTask;
import io.attune.neural.averaging.worker.Setup;
import io.attune.neural.averaging.worker.StoredWork;
import io.attune.neural.averaging.worker.Work;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Averages parameters (McDonald, Hall and Mann 2010) for {@link SparkComputationGraph}, in place of
 * DL4J's {@code ParameterAveragingTrainingMaster}.
 *
 * <p>An epoch is a sequence of rounds, one Spark job each. In a round every worker starts from the
 * same parameters and optimizer state, trains at most {@code frequency} minibatches of its own part
 * of the data, and the results are averaged, each weighted by the rows behind it. Every row is
 * trained exactly once an epoch: the remainder too. The optimizer's state is averaged with the
 * parameters, and its count of updates is that of a worker, so bias correction fits.
 *
 * <p>What is done with the average, with the optimizer's state, with the learning rate and with a
 * worker whose result is not finite is configured by {@link MasterConfig}.
 *
 * <p>The same data, seed and number of workers give the same network to the bit, and so does a
 * round of which tasks were run again. One worker trains what a network alone would.
 *
 * <p>Paths of the form of {@link RowRange}, read by a {@link MinibatchLoader}, are cut between any
 * two rows; any other path is one file of one data set, as DL4J exports them.
 *
 * <p>Listeners given to the graph are called on the driver, once a round. Not safe for use by
 * several threads.
 */
public final class AveragingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {
  private static final AtomicLong MASTERS = new AtomicLong();

  private MasterConfig config; // workers are known once Spark is started
  private final String id = "averaging-" + MASTERS.incrementAndGet();
  private final List<TrainingHook> hooks = new ArrayList<>();
  private final List<RoundListener> roundListeners = new ArrayList<>();
  private List<TrainingListener> listeners = List.of();
  private OuterState outer = OuterState.START;
  private Device device = Device.CPU;
  private String gpuDiscoveryScript = "";
  private Optional<ResourceProfile> resources = Optional.empty(); // set once Spark is started
  private Optional<Exchange> forcedExchange = Optional.empty();

  public AveragingMaster(MasterConfig config) {
    this.config = config;
  }

  /** Adds a listener that receives every round. */
  public AveragingMaster listen(RoundListener listener) {
    roundListeners.add(listener);
    return this;
  }

  /**
   * Sets the device that workers compute on; the processor if it is never called.
   *
   * @param discoveryScript finds an executor's GPUs, on its machine; empty on stand-alone
   */
  public AveragingMaster on(Device other, String discoveryScript) {
    device = other;
    gpuDiscoveryScript = discoveryScript;
    return this;
  }

  /**
   * Makes the next execution resume where a training stopped: over row ranges it leaves out the
   * rounds of its epoch that were made already.
   *
   * @param reached with the present number of workers in the last segment the result is that of an
   *     unbroken epoch to the bit
   */
  public void resumeAfter(OuterState reached) {
    outer = reached;
  }

  /** Sets the exchange for tests: states travel as they do between machines. */
  public void exchangeBy(Exchange exchange) {
    forcedExchange = Optional.of(exchange);
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
    execute(graph, null, setup -> StoredWork.of(data, singleUnits(), setup));
  }

  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> data) {
    executeTrainingMDS(graph, data.map(DataSet::toMultiDataSet));
  }

  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<String> paths,
      DataSetLoader dataSets,
      MultiDataSetLoader multiDataSets) {
    if (graph == null) {
      throw onlyGraphs();
    }
    List<String> all = paths.collect();
    JavaSparkContext spark = graph.getSparkContext();
    execute(
        graph,
        new Setup.Loader(dataSets, multiDataSets),
        setup ->
            multiDataSets instanceof MinibatchLoader
                ? ranges(spark, setup, all)
                : files(spark, setup, all));
  }

  /** Returns the schedule of units that are minibatches themselves. */
  private RoundPlan.BatchSchedule singleUnits() {
    AveragingProgress progress = outer.progress();
    int frequency = progress.frequency(config.averaging());
    return RoundPlan.BatchSchedule.of(config.averaging(), 1, frequency, progress.roundsBefore());
  }

  private Work files(JavaSparkContext spark, Broadcast<Setup> setup, List<String> paths) {
    RoundPlan plan = RoundPlan.even(paths.size(), config.averaging().workers(), singleUnits());
    return new PathWork(spark, setup, paths, plan);
  }

  private Work ranges(JavaSparkContext spark, Broadcast<Setup> setup, List<String> paths) {
    List<RowRange> ranges = paths.stream().map(AveragingMaster::range).toList();
    return RangeWork.of(spark, setup, ranges, outer.progress());
  }

  private static RowRange range(String path) {
    return RowRange.parse(path)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Not a range of rows: '%s'; expected <file>?rows=<from>-<to>&order=<seed>"
                        .formatted(path)));
  }

  /**
   * Scores the graph's network on executors, in as many tasks as there are workers.
   *
   * @param ranges rows with labels; a row without a label for an output has a label row of zeros
   */
  public Score score(SparkComputationGraph graph, List<RowRange> ranges, MinibatchLoader loader) {
    JavaSparkContext spark = graph.getSparkContext();
    Setup setup = setup(graph, new Setup.Loader(null, loader));
    RowSequence rows = new RowSequence(ranges);
    Broadcast<Setup> broadcast = spark.broadcast(setup);
    NetworkState state = NetworkState.of(graph.getNetwork());
    try (Exchange.Message message =
        setup.exchange().send(spark, setup.training() + "/score", state)) {
      spark.setJobDescription("train: score %d rows".formatted(rows.rows()));
      return ScoreTask.run(spark, broadcast, message.snapshot(), rows, resources);
    } finally {
      spark.setJobDescription(null);
      broadcast.destroy();
    }
  }

  /** Frees the networks that executors keep between rounds; see {@link Replicas#releaseAll}. */
  public static void releaseNetworks(JavaSparkContext spark) {
    Replicas.releaseAll(spark);
  }

  private Setup setup(SparkComputationGraph graph, Setup.Loader loader) {
    JavaSparkContext spark = graph.getSparkContext();
    config = config.withWorkers(spark.defaultParallelism());
    String json = plainJson(graph.getNetwork().getConfiguration());
    if (resources.isEmpty()) {
      resources = GpuProfile.of(spark.getConf(), device, gpuDiscoveryScript);
    }
    return new Setup(
        id + "-" + Integer.toHexString(json.hashCode()),
        json,
        config,
        device,
        forcedExchange.orElseGet(() -> Exchange.of(spark)),
        new SerializableConfiguration(spark.hadoopConfiguration()),
        loader,
        hooks);
  }

  private void execute(
      SparkComputationGraph graph, Setup.Loader loader, Function<Broadcast<Setup>, Work> opener) {
    JavaSparkContext spark = graph.getSparkContext();
    Setup setup = setup(graph, loader);
    Broadcast<Setup> broadcast = spark.broadcast(setup);
    try (Work work = opener.apply(broadcast)) {
      Epoch epoch =
          new Epoch(
              new RoundRunner(spark, setup, resources),
              work,
              new Listeners(roundListeners, listeners),
              outer);
      try {
        epoch.run(graph);
      } finally {
        outer = epoch.outer();
      }
    } finally {
      broadcast.destroy();
    }
  }

  /** Returns the configuration without its counters: the same in every epoch. */
  private static String plainJson(ComputationGraphConfiguration configuration) {
    ComputationGraphConfiguration plain = configuration.clone();
    plain.setIterationCount(0);
    plain.setEpochCount(0);
    return plain.toJson();
  }

  @Override
  public void addHook(TrainingHook hook) {
    hooks.add(hook);
  }

  @Override
  public void removeHook(TrainingHook hook) {
    hooks.remove(hook);
  }

  @Override
  public void setListeners(Collection<TrainingListener> given) {
    listeners = List.copyOf(given);
  }

  @Override
  public void setListeners(StatsStorageRouter router, Collection<TrainingListener> given) {
    for (TrainingListener listener : given) {
      if (listener instanceof RoutingIterationListener routing) {
        routing.setStorageRouter(router);
      }
    }
    setListeners(given);
  }

  /** Returns the configuration. */
  @Override
  public String toJson() {
    return Json.line(config);
  }

  /** Returns the configuration; JSON is YAML. */
  @Override
  public String toYaml() {
    return new String(Json.pretty(config), StandardCharsets.UTF_8);
  }

  /** Does nothing: rounds measure themselves, see {@link RoundListener}. */
  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw new UnsupportedOperationException(
          "AveragingMaster passes the times of every round to its RoundListener; it collects no"
              + " SparkTrainingStats");
    }
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  /** Returns null, as for a master that was not asked to collect them. */
  @Override
  public SparkTrainingStats getTrainingStats() {
    return null;
  }

  /** Does nothing: there are no temporary files. */
  @Override
  public boolean deleteTempFiles(JavaSparkContext spark) {
    return true;
  }

  /** Does nothing: there are no temporary files. */
  @Override
  public boolean deleteTempFiles(SparkContext spark) {
    return true;
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
    throw onlyGraphs();
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
    throw onlyGraphs();
  }

  /** Throws an exception, since workers are created on executors, where their replicas stay. */
  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
    throw new UnsupportedOperationException("AveragingMaster has no worker on the driver");
  }

  private static Failure.BadUsage onlyGraphs() {
    return new Failure.BadUsage(
        "AveragingMaster trains a ComputationGraph; turn the network into one with"
            + " MultiLayerNetwork.toComputationGraph() and use SparkComputationGraph");
  }
}
