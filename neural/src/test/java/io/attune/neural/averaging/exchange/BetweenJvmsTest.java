package io.attune.neural.averaging.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.AveragingMaster;
import io.attune.neural.averaging.ExampleLoader;
import io.attune.neural.averaging.RareWords;
import io.attune.neural.averaging.TestMasters;
import io.attune.neural.averaging.TestNetworks;
import io.attune.neural.averaging.TestSpark;
import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.InnerState;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.Round;
import io.attune.schemas.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Tests the exchange of states between JVMs, with workers that are threads of this JVM. */
class BetweenJvmsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void theDriverReceivesOneCopyHoweverManyWorkersThereAre(int workers) {
    ComputationGraph network = TestNetworks.wide(new Adam(0.01), 20_000);
    long copy = bytes(NetworkState.of(network));
    Received received = new Received();
    List<Round> rounds = new ArrayList<>();

    train(network, master(workers, 2, 8, rounds), 16 * workers * 3, received);

    assertThat(rounds).hasSize(3);
    assertThat(received.bytes.get()).isBetween(3 * copy, (long) (3 * copy * 1.1));
  }

  @Test
  void innerStateThatIsResetDoesNotTravel() {
    ComputationGraph network = TestNetworks.wide(new Adam(0.01), 20_000);
    long parameters = (long) Float.BYTES * NetworkState.of(network).parameters().length;
    Received received = new Received();
    AveragingMaster master =
        new AveragingMaster(
            TestMasters.config(AveragingConfig.builder(4, 2).innerState(InnerState.RESET), 8)
                .build());
    master.exchangeBy(new BetweenJvms());

    train(network, master, 64, received);

    assertThat(received.bytes.get()).isBetween(parameters, (long) (parameters * 1.1));
  }

  @Test
  void averagesToTheSameBitsAsWithinOneJvm() {
    ComputationGraph far = TestNetworks.wide(new Adam(0.01), 3000);
    ComputationGraph near = TestNetworks.wide(new Adam(0.01), 3000);

    train(far, master(3, 2, 8, new ArrayList<>()), 211, new Received());
    AveragingMaster within = new AveragingMaster(TestMasters.config(3, 2, 8).build());
    fit(new SparkComputationGraph(spark, near, within), 211);

    TestMasters.requireSame(far, near);
  }

  @Test
  void rowsOfAnEmbeddingTravelOnlyWhereTheyChanged() {
    for (IUpdater updater : List.of(new Sgd(0.5), new Adam(0.01))) {
      ComputationGraph far = RareWords.network(updater);
      ComputationGraph near = RareWords.network(updater);
      long copy = bytes(NetworkState.of(far));
      Received received = new Received();
      List<Round> rounds = new ArrayList<>();

      AveragingMaster master = master(4, 1, 8, rounds);
      listening(received, () -> fitWords(far, master));
      fitWords(near, new AveragingMaster(TestMasters.config(4, 1, 8).build()));

      TestMasters.requireSame(far, near);
      assertThat(copy).isGreaterThan(RareWords.VOCABULARY * RareWords.WIDTH * Float.BYTES);
      assertThat(received.bytes.get()).isLessThan(rounds.size() * copy / 10);
    }
  }

  @Test
  void manyRoundsLeaveNothingBehind() throws Exception {
    // States of 94 KiB are larger than Spark's own broadcasts, which it frees at any time.
    ComputationGraph network = TestNetworks.wide(new Sgd(0.001), 3000);
    long size = bytes(NetworkState.of(network));
    Received received = new Received();
    List<Round> rounds = new ArrayList<>();
    int shufflesBefore = shuffles(); // of other tests
    long filesBefore = shuffleFiles();

    train(network, master(2, 1, 1, rounds), 200, received);

    assertThat(rounds).hasSize(100);
    assertThat(received.stored(size / 2)).isGreaterThan(100);
    assertThat(spark.getPersistentRDDs()).isEmpty();
    assertThat(WithinJvm.waiting()).isZero();
    await(() -> received.kept(size / 2) == 0);
    await(() -> shuffles() <= shufflesBefore);
    await(() -> shuffleFiles() <= filesBefore);
  }

  @Test
  void refusesANetworkThatSparkWouldNotLetThrough() {
    NetworkState large = new NetworkState(new float[90_000_000], new float[180_000_000], 0);

    assertThatThrownBy(() -> new BetweenJvms().requireFits(spark, large))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "A round brings 1133 MiB of averaged parameters and updater state to the driver, and"
                + " spark.driver.maxResultSize is 1024 MiB; set it to 1134m or more, and give the"
                + " driver memory for it");
    new WithinJvm().requireFits(spark, large);
  }

  @Test
  void refusesASerializerThatCannotReadRecords() {
    SparkConf conf = new SparkConf(false);

    assertThatThrownBy(() -> BetweenJvms.requireCarries(new KryoSerializer(conf)))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageStartingWith(
            "Spark's serializer org.apache.spark.serializer.KryoSerializer does not carry Java"
                + " records, which workers send back: ")
        .hasMessageEndingWith(
            "leave spark.serializer at org.apache.spark.serializer.JavaSerializer");
    BetweenJvms.requireCarries(new JavaSerializer(conf));
  }

  /**
   * Records the bytes that tasks sent to the driver and the blocks of broadcasts that are not
   * freed.
   */
  private static final class Received extends SparkListener {
    private final AtomicLong bytes = new AtomicLong();
    private final Map<String, Long> blocks = new ConcurrentHashMap<>();
    private final List<Long> sizes = new ArrayList<>();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      bytes.addAndGet(end.taskMetrics().resultSize());
    }

    @Override
    public void onBlockUpdated(SparkListenerBlockUpdated event) {
      String block = event.blockUpdatedInfo().blockId().name();
      if (!block.startsWith("broadcast_")) {
        return;
      }
      if (event.blockUpdatedInfo().storageLevel().isValid()) {
        blocks.put(block, event.blockUpdatedInfo().memSize());
        sizes.add(event.blockUpdatedInfo().memSize());
      } else {
        blocks.remove(block);
      }
    }

    long kept(long size) {
      return blocks.values().stream().filter(bytes -> bytes > size).count();
    }

    long stored(long size) {
      return sizes.stream().filter(bytes -> bytes > size).count();
    }
  }

  private static int shuffles() {
    return ((MapOutputTrackerMaster) SparkEnv.get().mapOutputTracker()).shuffleStatuses().size();
  }

  private static long shuffleFiles() {
    return scala.collection.JavaConverters.seqAsJavaList(
            SparkEnv.get().blockManager().diskBlockManager().getAllFiles())
        .stream()
        .filter(file -> file.getName().startsWith("shuffle_"))
        .count();
  }

  private static void await(BooleanSupplier reached) throws InterruptedException {
    Instant end = Instant.now().plus(LIMIT);
    while (!reached.getAsBoolean()) {
      assertThat(Instant.now()).as("all is freed in time").isBefore(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static AveragingMaster master(
      int workers, int frequency, int batchRows, List<Round> rounds) {
    AveragingMaster master =
        new AveragingMaster(TestMasters.config(workers, frequency, batchRows).build());
    master.exchangeBy(new BetweenJvms());
    return master.listen((round, state, outer) -> rounds.add(round));
  }

  private void train(ComputationGraph network, AveragingMaster master, int rows, Received told) {
    SparkComputationGraph graph = new SparkComputationGraph(spark, network, master);
    listening(told, () -> fit(graph, rows));
  }

  private void fit(SparkComputationGraph graph, int rows) {
    fit(graph, rows, new ExampleLoader());
  }

  private void fitWords(ComputationGraph network, AveragingMaster master) {
    fit(new SparkComputationGraph(spark, network, master), 96, new RareWords());
  }

  private void fit(SparkComputationGraph graph, int rows, MinibatchLoader loader) {
    graph.fitPaths(spark.parallelize(List.of(ExampleLoader.path(rows))), loader);
  }

  private void listening(Received told, Runnable work) {
    // The one small job that collects the paths is counted too.
    spark.sc().addSparkListener(told);
    try {
      work.run();
      spark.sc().listenerBus().waitUntilEmpty();
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long bytes(NetworkState state) {
    return (long) Float.BYTES * (state.parameters().length + state.updater().length);
  }
}
