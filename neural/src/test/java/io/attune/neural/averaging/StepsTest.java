package io.attune.neural.averaging;

import static io.attune.neural.averaging.TestMasters.config;
import static io.attune.neural.averaging.TestMasters.requireSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.config.InnerState;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.config.OuterConfig;
import io.attune.neural.averaging.config.Schedule;
import io.attune.neural.averaging.config.Schedule.Kind;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Tests outer steps, inner state, schedules and clipping on a small network. */
class StepsTest {
  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());

  @ParameterizedTest
  @EnumSource(OuterConfig.Kind.class)
  void oneWorkerWithoutMomentumTrainsWhatTheNetworkAloneWouldToTheBit(OuterConfig.Kind kind) {
    ComputationGraph found =
        trained(
            new Adam(0.01),
            config(AveragingConfig.builder(1, 3).outer(new OuterConfig(kind, 0, 1)), 16),
            96,
            2);

    requireSame(found, alone(new Adam(0.01), 96, 2));
  }

  @Test
  void momentumStepsFromRoundToRound() {
    OuterConfig outer = new OuterConfig(OuterConfig.Kind.NESTEROV, 0.9, 0.7);
    List<NetworkState> states = new ArrayList<>();
    List<OuterState> outers = new ArrayList<>();
    ComputationGraph network = TestNetworks.network(new Sgd(0.1));
    NetworkState start = NetworkState.of(network);
    AveragingMaster master =
        new AveragingMaster(config(AveragingConfig.builder(2, 2).outer(outer), 8).build());
    master.listen(
        (round, state, told) -> {
          states.add(state);
          outers.add(told);
        });
    fit(network, master, 64, 1);

    List<NetworkState> plain = new ArrayList<>();
    AveragingMaster averaging = new AveragingMaster(config(2, 2, 8).build());
    averaging.listen((round, state, told) -> plain.add(state));
    fit(TestNetworks.network(new Sgd(0.1)), averaging, 64, 1);

    // The first round starts from the same parameters: its average is that of plain averaging.
    for (int i = 0; i < start.parameters().length; i++) {
      float change = plain.get(0).parameters()[i] - start.parameters()[i];
      assertThat(outers.get(0).velocity()[i]).isCloseTo(change, within(1e-6f));
      assertThat(states.get(0).parameters()[i])
          .isCloseTo(start.parameters()[i] + 0.7f * 1.9f * change, within(1e-6f));
    }
    assertThat(outers.get(1).progress().rounds()).isEqualTo(2);
  }

  @Test
  void warmUpRoundsAreOneStepEachAndAveragedPlainly() {
    AveragingConfig.Builder averaging =
        AveragingConfig.builder(2, 4)
            .warmUpRounds(3)
            .outer(new OuterConfig(OuterConfig.Kind.NESTEROV, 0.9, 0.7));
    List<Round> rounds = new ArrayList<>();
    List<OuterState> outers = new ArrayList<>();
    AveragingMaster master = new AveragingMaster(config(averaging, 8).build());
    master.listen(
        (round, state, outer) -> {
          rounds.add(round);
          outers.add(outer);
        });

    fit(TestNetworks.network(new Sgd(0.1)), master, 160, 2);

    assertThat(rounds).extracting(Round::steps).startsWith(2L, 2L, 2L).contains(8L);
    assertThat(rounds.subList(3, rounds.size())).allMatch(round -> round.steps() > 2);
    assertThat(rounds.stream().mapToLong(Round::rowsTrained).sum()).isEqualTo(320);
    assertThat(outers.get(2).velocity()).isEmpty();
    assertThat(outers.get(3).velocity()).isNotEmpty();
  }

  @Test
  void aTrainingWithMomentumAndWarmUpGoesOnToTheSameBits() {
    AveragingConfig.Builder averaging =
        AveragingConfig.builder(2, 2)
            .warmUpRounds(2)
            .outer(new OuterConfig(OuterConfig.Kind.SLOW_MOMENTUM, 0.5, 1));
    MasterConfig config =
        config(averaging, 8)
            .schedule(new Schedule(Kind.COSINE, 0.1, 7), 400)
            .guards(Guards.builder().maxGradientNorm(0.5).build())
            .build();
    List<NetworkState> states = new ArrayList<>();
    List<OuterState> outers = new ArrayList<>();
    AveragingMaster first = new AveragingMaster(config);
    first.listen(
        (round, state, outer) -> {
          states.add(state);
          outers.add(outer);
        });
    ComputationGraph unbroken = TestNetworks.network(new Adam(0.01));
    fit(unbroken, first, 200, 1);

    for (int at : new int[] {0, 1, 4}) {
      AveragingMaster second = new AveragingMaster(config);
      second.resumeAfter(outers.get(at));
      ComputationGraph resumed = TestNetworks.network(new Adam(0.01));
      states.get(at).copyTo(resumed);
      fit(resumed, second, 200, 1);

      requireSame(resumed, unbroken);
    }
  }

  @Test
  void resettingInnerStateStartsEveryRoundAsAFreshOptimizerWould() {
    ComputationGraph found =
        trained(
            new Adam(0.01),
            config(AveragingConfig.builder(1, 2).innerState(InnerState.RESET), 16),
            64,
            1);

    ComputationGraph expected = TestNetworks.network(new Adam(0.01));
    NetworkState start = NetworkState.of(expected);
    for (int round = 0; round < 2; round++) {
      new NetworkState(NetworkState.of(expected).parameters(), start.updater(), 0).copyTo(expected);
      for (int step = 0; step < 2; step++) {
        int row = (2 * round + step) * 16;
        expected.fit(TestNetworks.examples(row, row + 16));
      }
    }

    assertThat(NetworkState.of(found).parameters())
        .containsExactly(NetworkState.of(expected).parameters());
    assertThat(NetworkState.of(found).updater()).containsOnly(0);
    assertThat(NetworkState.of(found).iteration()).isEqualTo(4);
  }

  @Test
  void aScheduleSetsTheRateOfEveryStepByExamplesSeen() {
    Schedule schedule = new Schedule(Kind.LINEAR, 0.25, 2);
    ComputationGraph found = trained(new Sgd(0.2), config(1, 2, 16).schedule(schedule, 128), 64, 2);

    ComputationGraph expected = TestNetworks.network(new Sgd(0.2));
    for (int step = 0; step < 8; step++) {
      expected.setLearningRate(0.2 * schedule.over(16, 128).factorAt((step + 1) * 16));
      int row = step % 4 * 16;
      expected.fit(TestNetworks.examples(row, row + 16));
    }

    assertThat(NetworkState.of(found).parameters())
        .containsExactly(NetworkState.of(expected).parameters());
  }

  @Test
  void aScheduleMeansTheSameForAnyNumberOfWorkers() {
    // A warm-up over 64 examples for both.
    Schedule ofOne = new Schedule(Kind.COSINE, 0, 1);
    Schedule ofFour = new Schedule(Kind.COSINE, 0, 4);
    ComputationGraph one = trained(new Sgd(0.5), config(1, 1, 64).schedule(ofOne, 244), 61, 4);
    ComputationGraph four = trained(new Sgd(0.5), config(4, 1, 16).schedule(ofFour, 244), 61, 4);

    assertThat(NetworkState.of(four).parameters())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(NetworkState.of(one).parameters());
  }

  @Test
  void aScheduleOfTheUsersOwnIsHonoured() {
    IUpdater falling = new Nesterovs(new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 2), 0.9);

    requireSame(trained(falling.clone(), config(1, 3, 16), 96, 1), alone(falling.clone(), 96, 1));
  }

  @Test
  void aGradientIsClippedByItsNormOverAllParameters() {
    double clip = 0.01;
    ComputationGraph network = TestNetworks.network(new Sgd(1));
    float[] before = NetworkState.of(network).parameters();

    fit(
        network,
        new AveragingMaster(
            config(1, 1, 16).guards(Guards.builder().maxGradientNorm(clip).build()).build()),
        16,
        1);

    float[] after = NetworkState.of(network).parameters();
    double squares = 0;
    for (int i = 0; i < before.length; i++) {
      squares += Math.pow((double) after[i] - before[i], 2);
    }
    assertThat(Math.sqrt(squares)).isCloseTo(clip, within(1e-6));
  }

  @Test
  void aClipThatIsNeverReachedChangesNoBit() {
    Guards guards = Guards.builder().maxGradientNorm(1e6).build();

    requireSame(
        trained(new Adam(0.01), config(1, 3, 16).guards(guards), 96, 1),
        alone(new Adam(0.01), 96, 1));
  }

  private ComputationGraph trained(
      IUpdater updater, MasterConfig.Builder config, int rows, int epochs) {
    ComputationGraph network = TestNetworks.network(updater);
    fit(network, new AveragingMaster(config.build()), rows, epochs);
    return network;
  }

  private void fit(ComputationGraph network, AveragingMaster master, int rows, int epochs) {
    SparkComputationGraph graph = new SparkComputationGraph(spark, network, master);
    for (int epoch = 0; epoch < epochs; epoch++) {
      graph.fitPaths(spark.parallelize(List.of(ExampleLoader.path(rows))), new ExampleLoader());
    }
  }

  private static ComputationGraph alone(IUpdater updater, int rows, int epochs) {
    ComputationGraph alone = TestNetworks.network(updater);
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int row = 0; row < rows; row += 16) {
        alone.fit(TestNetworks.examples(row, Math.min(rows, row + 16)));
      }
      alone.incrementEpochCount();
    }
    return alone;
  }
}
