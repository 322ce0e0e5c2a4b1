package io.attune.neural.averaging;

import static io.attune.neural.averaging.TestMasters.graph;
import static io.attune.neural.averaging.TestMasters.master;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Tests trainings with a non-finite result and without guards. */
class NonFiniteResultTest {
  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());

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
    SparkComputationGraph graph = graph(spark, new Sgd(0.01), master);
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
}
