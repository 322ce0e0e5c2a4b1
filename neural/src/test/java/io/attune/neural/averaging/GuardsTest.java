package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.exchange.BetweenJvms;
import io.attune.neural.averaging.exchange.WithinJvm;
import io.attune.neural.averaging.state.AveragingProgress;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

class GuardsTest {
  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());
  private final List<Round> rounds = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<OuterState> outers = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWorkerThatIsNotFiniteIsLeftOutAndNamedWithItsRows(boolean sameJvm) {
    // Three partitions of 16 rows in two rounds of 8; row 40 is of worker 2, in its second round.
    AveragingMaster master = master(Guards.builder().quorum(0.6));
    master.exchangeBy(sameJvm ? new WithinJvm() : new BetweenJvms());
    ComputationGraph network = fit(master, poisoned(40));

    assertThat(NetworkState.of(network).isFinite()).isTrue();
    assertThat(rounds).extracting(Round::rowsPlanned).containsExactly(24L, 24L);
    assertThat(rounds).extracting(Round::rowsTrained).containsExactly(24L, 16L);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .startsWith("epoch 1, round 2 of 2: worker 2 on executor driver on ")
        .contains("is left out of the average, and with it the 1 units it was given")
        .endsWith("the loss of its minibatch 1 is NaN");
  }

  @Test
  void theOthersAverageIsAsIfTheOneLeftOutHadNotBeenThere() {
    fit(master(Guards.builder().quorum(0.6)), poisoned(32));

    ComputationGraph two = TestNetworks.network(new Sgd(0.01));
    List<NetworkState> states = new ArrayList<>();
    AveragingMaster pair = TestMasters.master(2, 1, 8);
    pair.listen((round, state, outer) -> states.add(state));
    new SparkComputationGraph(spark, two, pair)
        .fitMultiDataSet(spark.parallelize(TestNetworks.singles(32), 2));

    assertThat(rounds.get(0).rowsTrained()).isEqualTo(16);
    assertThat(firstState.parameters()).containsExactly(states.get(0).parameters());
  }

  @Test
  void aRoundWithoutAQuorumEndsTheTrainingAfterItsRollbacks() {
    AveragingMaster master = master(Guards.builder().quorum(0.7).rollbacks(2));

    assertThatThrownBy(() -> fit(master, poisoned(40)))
        .isInstanceOf(Failure.TrainingDiverged.class)
        .hasMessageStartingWith(
            "Training diverged in epoch 1, round 2 of 2: worker 2 is not finite, the loss of its"
                + " minibatch 1 is NaN, after 2 rollbacks; last good checkpoint: none;");

    assertThat(rounds).hasSize(1);
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(1))
        .contains("is trained again from where it started, with 0.25 of the learning rate");
  }

  @Test
  void aRoundThatDivergesIsTrainedAgainWithASmallerStep() {
    // A rate far too large for plain SGD, in a training whose first round had a loss of 1.1.
    MasterConfig config =
        TestMasters.config(2, 4, 8)
            .guards(Guards.builder().divergenceRatio(2).rollbacks(30).build())
            .build();
    AveragingMaster master = new AveragingMaster(config);
    listen(master);
    AveragingProgress afterOneRound =
        AveragingProgress.START.toBuilder().rounds(1).examples(8).firstLoss(1.1).build();
    master.resumeAfter(OuterState.START.with(afterOneRound));
    ComputationGraph network = TestNetworks.network(new Sgd(100));
    SparkComputationGraph graph = new SparkComputationGraph(spark, network, master);
    for (int epoch = 0; epoch < 3; epoch++) {
      graph.fitPaths(spark.parallelize(List.of(ExampleLoader.path(256))), new ExampleLoader());
    }

    assertThat(warnings).isNotEmpty().allMatch(warning -> warning.contains("diverged"));
    AveragingProgress last = outers.get(outers.size() - 1).progress();
    assertThat(last.rollbacks()).isEqualTo(warnings.size());
    assertThat(last.stepScale()).isEqualTo(Math.pow(0.5, warnings.size()));
    assertThat(rounds).allMatch(round -> round.loss() <= 2.2);
    assertThat(rounds.stream().mapToLong(Round::rowsTrained).sum()).isEqualTo(3 * 256);
    assertThat(outers).extracting(outer -> outer.progress().rounds()).doesNotHaveDuplicates();
  }

  @Test
  void checksItsConfiguration() {
    assertThatThrownBy(() -> Guards.builder().quorum(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("quorum must be in (0, 1], got 0.0");
    assertThatThrownBy(() -> Guards.builder().divergenceRatio(0.5).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("divergence-ratio must be 0 (never) or above 1, got 0.5");
  }

  private NetworkState firstState;

  private AveragingMaster master(Guards.Builder guards) {
    AveragingMaster master =
        new AveragingMaster(TestMasters.config(3, 1, 8).guards(guards.build()).build());
    listen(master);
    return master;
  }

  private void listen(AveragingMaster master) {
    master.listen(
        new RoundListener() {
          @Override
          public void onRound(Round round, NetworkState network, OuterState outer) {
            if (rounds.isEmpty()) {
              firstState = network;
            }
            rounds.add(round);
            outers.add(outer);
          }

          @Override
          public void onWarning(String message) {
            warnings.add(message);
          }
        });
  }

  private static List<MultiDataSet> poisoned(int row) {
    List<MultiDataSet> data = TestNetworks.singles(48);
    data.get(row).getFeatures(0).putScalar(2, Float.NaN);
    return data;
  }

  private ComputationGraph fit(AveragingMaster master, List<MultiDataSet> data) {
    ComputationGraph network = TestNetworks.network(new Sgd(0.01));
    new SparkComputationGraph(spark, network, master).fitMultiDataSet(spark.parallelize(data, 3));
    return network;
  }
}
