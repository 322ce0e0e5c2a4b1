package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.exchange.BetweenJvms;
import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.WithinJvm;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import io.attune.neural.averaging.worker.Rebatched;
import io.attune.neural.averaging.worker.Setup;
import io.attune.neural.averaging.worker.WorkerTask;
import io.attune.schemas.failure.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
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
import org.nd4j.linalg.learning.config.IUpdater;
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
    SparkComputationGraph graph = graph(new Sgd(0.01), master);

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

    fitRange(graph(new Sgd(0.01), master), rows);

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

    graph(new Sgd(0.01), master(3, 1, 16)).fitPathsMultiDataSet(spark.parallelize(paths, 2));

    requireEachOnce(140);
  }

  @Test
  void oneWorkerTrainsWhatTheNetworkAloneWouldToTheBit() {
    SparkComputationGraph graph = graph(new Adam(0.01), master(1, 3, 16));
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
    SparkComputationGraph graph = graph(new Adam(0.01), master(1, 2, 16));
    graph.fitMultiDataSet(spark.parallelize(TestNetworks.singles(90), 1));

    ComputationGraph alone = TestNetworks.network(new Adam(0.01));
    for (int row = 0; row < 90; row += 16) {
      alone.fit(TestNetworks.examples(row, Math.min(90, row + 16)));
    }

    requireSame(graph.getNetwork(), alone);
  }

  @Test
  void manyWorkersWithOneStepEachAreOneWorkerWithALargerBatch() {
    SparkComputationGraph many = graph(new Sgd(0.5), master(4, 1, 16));
    SparkComputationGraph one = graph(new Sgd(0.5), master(1, 1, 64));
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
    SparkComputationGraph graph = graph(new Adam(0.01), master(3, 2, 16));
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
    SparkComputationGraph near = graph(new Adam(0.01), master(3, 2, 8));
    AveragingMaster remote = master(3, 2, 8);
    remote.exchangeBy(new BetweenJvms());
    SparkComputationGraph far = graph(new Adam(0.01), remote);

    fitRange(near, 211);
    fitRange(far, 211);

    requireSame(far.getNetwork(), near.getNetwork());
  }

  @Test
  void aTaskThatIsRunAgainDoesIdenticalWork() {
    ComputationGraph network = TestNetworks.network(new Adam(0.01));
    Setup setup =
        new Setup(
            "again",
            network.getConfiguration().toJson(),
            AveragingConfig.builder(1, 4, new BatchLimits(8, 100), 1).build(),
            Device.CPU,
            new WithinJvm(),
            null,
            null,
            List.of());
    NetworkState from = NetworkState.of(network);
    Exchange.Snapshot start = () -> from;
    Assignment assignment = assignment(0, 99, 40);

    NetworkState first = WorkerTask.train(setup, assignment, start, examples(40)).state();
    WorkerTask.train(setup, assignment(1, 7, 24), start, examples(24));
    NetworkState again = WorkerTask.train(setup, assignment, start, examples(40)).state();

    assertThat(again.parameters()).isEqualTo(first.parameters());
    assertThat(again.updater()).isEqualTo(first.updater());
    assertThat(again.iteration()).isEqualTo(first.iteration()).isEqualTo(5);
  }

  @Test
  void anEpochThatIsTakenUpAgainEndsAsAnUnbrokenOneToTheBit() {
    SparkComputationGraph unbroken = graph(new Adam(0.01), master(2, 2, 8));
    fitRange(unbroken, 150);

    AveragingMaster master = master(2, 2, 8);
    List<NetworkState> states = new ArrayList<>();
    List<OuterState> outers = new ArrayList<>();
    master.listen(
        (round, state, outer) -> {
          states.add(state);
          outers.add(outer);
        });
    fitRange(graph(new Adam(0.01), master), 150);
    AveragingMaster second = master(2, 2, 8);
    List<Round> rounds = record(second);
    SparkComputationGraph resumed = graph(new Adam(0.01), second);
    states.get(2).copyTo(resumed.getNetwork());
    second.resumeAfter(outers.get(2));
    fitRange(resumed, 150);

    requireSame(resumed.getNetwork(), unbroken.getNetwork());
    assertThat(rounds.get(0).round()).isEqualTo(3);
  }

  @Test
  void anEpochThatIsTakenUpByOtherWorkersTrainsWhatWasLeft() {
    AveragingMaster first = master(4, 1, 8);
    List<Round> made = record(first);
    List<OuterState> outers = new ArrayList<>();
    first.listen((round, state, outer) -> outers.add(outer));
    fitRange(graph(new Sgd(0.01), first), 150);
    long before = made.subList(0, 3).stream().mapToLong(Round::rowsTrained).sum();
    CountingHook.TRAINED.clear();

    AveragingMaster second = master(3, 1, 8);
    List<Round> rounds = record(second);
    second.resumeAfter(outers.get(2));
    fitRange(graph(new Sgd(0.01), second), 150);

    assertThat(rounds.stream().mapToLong(Round::rowsTrained).sum()).isEqualTo(150 - before);
    assertThat(CountingHook.TRAINED).hasSize((int) (150 - before)).containsValue(1);
    assertThat(CountingHook.TRAINED.values()).containsOnly(1);
  }

  @Test
  void aLayerThatRefusesWhatIsNotFiniteStopsTrainingLikewise() {
    SparkComputationGraph graph =
        new SparkComputationGraph(
            spark, TestNetworks.strictNetwork(new Sgd(0.01)), master(2, 1, 8));
    List<MultiDataSet> data = TestNetworks.singles(48);
    data.get(40).getFeatures(0).putScalar(2, Float.NaN);

    assertThatThrownBy(() -> graph.fitMultiDataSet(spark.parallelize(data, 2)))
        .isInstanceOf(Failure.TrainingDiverged.class)
        .hasMessageContaining("worker 1 is not finite, in its minibatch 1: layer 'norm': the input")
        .hasMessageContaining("must be finite, got NaN in row 0, feature 2, time 0");
  }

  @Test
  void aResultThatIsNotFiniteStopsTrainingAndLeavesTheLastGoodNetwork() {
    AveragingMaster master = master(2, 1, 8);
    master.listen(
        new RoundListener() {
          @Override
          public void onRound(Round round, NetworkState state, OuterState outer) {}

          @Override
          public String lastGood() {
            return "checkpoints/000001";
          }
        });
    List<NetworkState> states = new ArrayList<>();
    master.listen((round, state, outer) -> states.add(state));
    SparkComputationGraph graph = graph(new Sgd(0.01), master);
    List<MultiDataSet> data = TestNetworks.singles(48);
    data.get(40).getFeatures(0).putScalar(2, Float.NaN);

    assertThatThrownBy(() -> graph.fitMultiDataSet(spark.parallelize(data, 2)))
        .isInstanceOf(Failure.TrainingDiverged.class)
        .hasMessage(
            "Training diverged in epoch 1, round 3 of 3: worker 1 is not finite, the loss of its"
                + " minibatch 1 is NaN; last good checkpoint: checkpoints/000001; lower the"
                + " learning rate or clip gradients, and train again");

    assertThat(states).hasSize(2);
    assertThat(NetworkState.of(graph.getNetwork()).parameters())
        .isEqualTo(states.get(1).parameters());
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
    SparkComputationGraph graph = graph(new Sgd(0.01), master);
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

    fitRange(graph(new Sgd(0.01), master), 64);

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
            "{\"workers\":3,\"averagingFrequency\":2,\"maxAveragingShare\":0.0,\"limits\":{\"rows\":8,\"tokens\":100000},\"seed\":17,"
                + "\"outer\":{\"kind\":\"AVERAGE\",\"momentum\":0.0,\"learningRate\":1.0},"
                + "\"innerState\":\"AVERAGE\",\"warmUpRounds\":0,\"steps\":{\"schedule\":{\"kind\":\"CONSTANT\","
                + "\"warmUpExamples\":0,\"examples\":0,\"floor\":0.0},\"maxGradientNorm\":0.0},"
                + "\"guards\":{\"quorum\":1.0,\"divergenceRatio\":0.0,\"rollbacks\":0}}");
  }

  private static Assignment assignment(int worker, long seed, long units) {
    return new Assignment("again", 0, worker, seed, units, new Assignment.Clock(0, 1, 1));
  }

  private static AveragingMaster master(int workers, int frequency, int batchRows) {
    return new AveragingMaster(
        AveragingConfig.builder(workers, frequency, new BatchLimits(batchRows, 100_000), 17)
            .build());
  }

  private SparkComputationGraph graph(IUpdater updater, AveragingMaster master) {
    master.addHook(new CountingHook());
    return new SparkComputationGraph(spark, TestNetworks.network(updater), master);
  }

  private void fitRange(SparkComputationGraph graph, int rows) {
    graph.fitPaths(spark.parallelize(List.of(ExampleLoader.path(rows))), new ExampleLoader());
  }

  private static List<Round> record(AveragingMaster master) {
    List<Round> rounds = new ArrayList<>();
    master.listen((round, state, outer) -> rounds.add(round));
    return rounds;
  }

  private static WorkerTask.Minibatches examples(int rows) {
    Iterator<MultiDataSet> batches =
        new Rebatched(List.<MultiDataSet>of(TestNetworks.examples(0, rows)).iterator(), 8);
    return new WorkerTask.Minibatches() {
      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public MultiDataSet next() {
        return batches.next();
      }

      @Override
      public long unitsRead() {
        return rows;
      }
    };
  }

  private static void requireEachOnce(int examples) {
    assertThat(CountingHook.TRAINED).hasSize(examples);
    assertThat(CountingHook.TRAINED.values()).containsOnly(1);
  }

  private static void requireSame(ComputationGraph actual, ComputationGraph expected) {
    NetworkState found = NetworkState.of(actual);
    NetworkState wanted = NetworkState.of(expected);
    assertThat(Arrays.mismatch(found.parameters(), wanted.parameters())).isEqualTo(-1);
    assertThat(Arrays.mismatch(found.updater(), wanted.updater())).isEqualTo(-1);
    assertThat(found.iteration()).isEqualTo(wanted.iteration());
  }
}
