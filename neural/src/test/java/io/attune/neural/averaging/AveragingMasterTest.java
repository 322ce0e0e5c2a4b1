package io.attune.neural.averaging;

import static io.attune.neural.averaging.TestMasters.fitRange;
import static io.attune.neural.averaging.TestMasters.graph;
import static io.attune.neural.averaging.TestMasters.master;
import static io.attune.neural.averaging.TestMasters.record;
import static io.attune.neural.averaging.TestMasters.requireSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.averaging.exchange.BetweenJvms;
import io.attune.neural.averaging.exchange.WithinJvm;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.Round;
import io.attune.neural.averaging.worker.Replicas;
import io.attune.schemas.failure.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class AveragingMasterTest {
  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());

  @BeforeEach
  void forgetExamples() {
    CountingHook.TRAINED.clear();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 350, 500, 639, 900, 1279})
  void trainsEveryExampleOfAnRddExactlyOnce(int examples) {
    AveragingMaster master = master(4, 5, 16);
    List<Round> rounds = record(master);
    SparkComputationGraph graph = graph(spark, new Sgd(0.01), master);

    graph.fitMultiDataSet(spark.parallelize(TestNetworks.singles(examples), 3));

    requireEachOnce(examples);
    assertThat(rounds).allMatch(round -> round.rowsPlanned() == round.rowsTrained());
    assertThat(rounds.stream().mapToLong(Round::rowsTrained).sum()).isEqualTo(examples);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 350, 500, 639, 900, 1279})
  void trainsEveryRowOfRangesExactlyOnce(int rows) {
    AveragingMaster master = master(4, 5, 16);
    List<Round> rounds = record(master);

    fitRange(graph(spark, new Sgd(0.01), master), rows);

    requireEachOnce(rows);
    assertThat(rounds.stream().mapToLong(Round::rowsPlanned).sum()).isEqualTo(rows);
    assertThat(rounds).hasSize((rows + 319) / 320);
  }

  @Test
  void trainsEveryFileOfPathsExactlyOnce(@TempDir Path folder) throws Exception {
    List<String> paths = new ArrayList<>();
    for (int file = 0; file < 7; file++) {
      Path path = folder.resolve("data set " + file + ".bin");
      TestNetworks.examples(file * 20, file * 20 + 20).save(path.toFile());
      paths.add(path.toString());
    }

    graph(spark, new Sgd(0.01), master(3, 1, 16)).fitPathsMultiDataSet(spark.parallelize(paths, 2));

    requireEachOnce(140);
  }

  @Test
  void oneWorkerTrainsWhatTheNetworkAloneWouldToTheBit() {
    SparkComputationGraph graph = graph(spark, new Adam(0.01), master(1, 3, 16));
    fitRange(graph, 96);
    fitRange(graph, 96);

    ComputationGraph alone = TestNetworks.network(new Adam(0.01));
    for (int epoch = 0; epoch < 2; epoch++) {
      for (int row = 0; row < 96; row += 16) {
        alone.fit(TestNetworks.examples(row, row + 16));
      }
      alone.incrementEpochCount();
    }

    requireSame(graph.getNetwork(), alone);
    assertThat(graph.getNetwork().getIterationCount()).isEqualTo(12);
    assertThat(graph.getNetwork().getEpochCount()).isEqualTo(2);
  }

  @Test
  void oneWorkerTrainsAnRddAsTheNetworkAloneWouldToTheBit() {
    SparkComputationGraph graph = graph(spark, new Adam(0.01), master(1, 2, 16));
    graph.fitMultiDataSet(spark.parallelize(TestNetworks.singles(90), 1));

    ComputationGraph alone = TestNetworks.network(new Adam(0.01));
    for (int row = 0; row < 90; row += 16) {
      alone.fit(TestNetworks.examples(row, Math.min(90, row + 16)));
    }

    requireSame(graph.getNetwork(), alone);
  }

  @Test
  void goesOnToTheSameBitsAfterItsNetworksWereReleased() {
    SparkComputationGraph graph = graph(spark, new Adam(0.01), master(2, 3, 16));
    SparkComputationGraph unbroken = graph(spark, new Adam(0.01), master(2, 3, 16));
    fitRange(unbroken, 96);
    fitRange(unbroken, 96);

    fitRange(graph, 96);
    assertThat(Replicas.kept()).isPositive();
    Replicas.releaseAll(spark);
    assertThat(Replicas.kept()).isZero();
    fitRange(graph, 96);

    requireSame(graph.getNetwork(), unbroken.getNetwork());
  }

  @Test
  void manyWorkersWithOneStepEachAreOneWorkerWithALargerBatch() {
    SparkComputationGraph many = graph(spark, new Sgd(0.5), master(4, 1, 16));
    SparkComputationGraph one = graph(spark, new Sgd(0.5), master(1, 1, 64));
    // 4 x 16 rows a round from one interval for each worker: the same rows, in the same rounds,
    // only if a round is the whole epoch; so an epoch of one round, five times.
    for (int epoch = 0; epoch < 5; epoch++) {
      fitRange(many, 61);
      fitRange(one, 61);
    }

    float[] expected = NetworkState.of(one.getNetwork()).parameters();
    assertThat(NetworkState.of(many.getNetwork()).parameters())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(expected);
  }

  @Test
  void workersWithTheSameDataGoTheWayOfOne() {
    // Three copies of the same partition: their states are equal, so is their mean, and Adam's
    // bias correction must count the steps of one worker for the next round to be right.
    List<MultiDataSet> copies = new ArrayList<>();
    for (int copy = 0; copy < 3; copy++) {
      copies.addAll(TestNetworks.singles(80));
    }
    SparkComputationGraph graph = graph(spark, new Adam(0.01), master(3, 2, 16));
    graph.fitMultiDataSet(spark.parallelize(copies, 3));

    ComputationGraph alone = TestNetworks.network(new Adam(0.01));
    for (int row = 0; row < 80; row += 16) {
      alone.fit(TestNetworks.examples(row, row + 16));
    }

    requireSame(graph.getNetwork(), alone);
    assertThat(graph.getNetwork().getIterationCount()).isEqualTo(5);
  }

  @Test
  void statesTravelBetweenMachinesAsTheyDoWithinOne() {
    SparkComputationGraph near = graph(spark, new Adam(0.01), master(3, 2, 8));
    AveragingMaster remote = master(3, 2, 8);
    remote.exchangeBy(new BetweenJvms());
    SparkComputationGraph far = graph(spark, new Adam(0.01), remote);

    fitRange(near, 211);
    fitRange(far, 211);

    requireSame(far.getNetwork(), near.getNetwork());
  }

  @Test
  void runsOneSparkJobARoundAndLeavesNothingBehind() throws Exception {
    AtomicInteger jobs = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.incrementAndGet();
          }
        };
    AveragingMaster master = master(2, 1, 4);
    List<Round> rounds = record(master);
    SparkComputationGraph graph = graph(spark, new Sgd(0.01), master);
    TestSpark.spark().sparkContext().addSparkListener(counter);

    fitRange(graph, 240);
    graph.fitMultiDataSet(spark.parallelize(TestNetworks.singles(20), 2));

    TestSpark.spark().sparkContext().listenerBus().waitUntilEmpty();
    TestSpark.spark().sparkContext().removeSparkListener(counter);
    assertThat(rounds).hasSize(30 + 3);
    assertThat(jobs).hasValue(1 + 30 + 1 + 3);
    assertThat(spark.getPersistentRDDs()).isEmpty();
    assertThat(WithinJvm.waiting()).isZero();
  }

  @Test
  void tellsEachRoundOnceAndCountsItsWork() {
    AveragingMaster master = master(2, 2, 8);
    List<Round> rounds = record(master);

    fitRange(graph(spark, new Sgd(0.01), master), 64);

    assertThat(rounds).extracting(Round::round).containsExactly(0, 1);
    assertThat(rounds).extracting(Round::rounds).containsOnly(2);
    assertThat(rounds).extracting(Round::steps).containsOnly(4L);
    assertThat(rounds).extracting(Round::tokens).containsOnly(32L);
    assertThat(rounds)
        .allSatisfy(
            round -> {
              assertThat(round.loss()).isCloseTo(1.0, within(0.6));
              assertThat(round.computeSeconds()).isPositive().isLessThan(round.seconds());
            });
  }

  @Test
  void refusesANetworkOfAnotherDataType() {
    SparkComputationGraph graph =
        new SparkComputationGraph(
            spark, TestNetworks.network(new Sgd(0.1), DataType.DOUBLE), master(1, 1, 8));

    assertThatThrownBy(() -> fitRange(graph, 10))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("data type FLOAT, this one is DOUBLE");
  }

  @Test
  void saysHowItIsConfigured() {
    assertThat(master(3, 2, 8).toJson())
        .isEqualTo(
            "{\"averaging\":{\"workers\":3,\"frequency\":2,\"maxAveragingShare\":0.0,"
                + "\"warmUpRounds\":0,\"outer\":{\"kind\":\"AVERAGE\",\"momentum\":0.0,"
                + "\"learningRate\":1.0},\"innerState\":\"AVERAGE\"},"
                + "\"batch\":{\"rows\":8,\"tokens\":100000},"
                + "\"schedule\":{\"kind\":\"CONSTANT\",\"floor\":0.0,\"warmUpSteps\":0,"
                + "\"warmUpShare\":0.0},"
                + "\"guards\":{\"quorum\":1.0,\"divergenceRatio\":0.0,\"rollbacks\":0,"
                + "\"maxGradientNorm\":0.0},\"examples\":0,\"seed\":17,\"mixedProcessors\":false}");
  }

  private static void requireEachOnce(int examples) {
    assertThat(CountingHook.TRAINED).hasSize(examples);
    assertThat(CountingHook.TRAINED.values()).containsOnly(1);
  }
}
