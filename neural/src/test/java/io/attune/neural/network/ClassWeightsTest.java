package io.attune.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class ClassWeightsTest {
  private static final Head SENTIMENT =
      new Head("sentiment", List.of("negative", "neutral", "positive"));

  private static ModelConfig model(Map<String, Map<String, Double>> weights, boolean balance) {
    ModelConfig.Builder model =
        ModelConfig.builder(Kind.ATTENTION_POOLING)
            .heads(1)
            .width(4)
            .feedForward(1)
            .positions(Positions.NONE)
            .pooling(Pooling.MEAN)
            .labelSmoothing(0.1)
            .classWeights(weights);
    return balance ? model.balanceClasses().build() : model.build();
  }

  @Test
  void whatIsNotNamedCountsOne() {
    ModelConfig model = model(Map.of("sentiment", Map.of("neutral", 2.5)), true);

    assertThat(ClassWeights.of(model, SENTIMENT, Map.of())).containsExactly(1.0, 2.5, 1.0);
  }

  @Test
  void withoutWeightsThereAreNone() {
    assertThat(ClassWeights.of(model(Map.of(), false), SENTIMENT, Map.of())).isEmpty();
  }

  @Test
  void balancedClassesCountTheSameAndARowCountsOneOnAverage() {
    Map<String, Map<String, Long>> counts =
        Map.of("sentiment", Map.of("negative", 10L, "positive", 30L));

    assertThat(ClassWeights.of(model(Map.of(), true), SENTIMENT, counts))
        .containsExactly(2.0, 1.0, 2.0 / 3);
  }

  @Test
  void refusesWhatItCannotWeigh() {
    assertThatThrownBy(() -> ClassWeights.of(model(Map.of(), true), SENTIMENT, Map.of()))
        .hasMessage(
            "balance-classes needs the number of rows of each class of head 'sentiment',"
                + " which were not counted");
    ModelConfig unknown = model(Map.of("sentiment", Map.of("angry", 2.0)), false);
    assertThatThrownBy(() -> ClassWeights.of(unknown, SENTIMENT, Map.of()))
        .hasMessage(
            "class-weights.sentiment names [angry], the head has the classes [negative,"
                + " neutral, positive]");
    assertThatThrownBy(() -> model(Map.of("sentiment", Map.of("neutral", 0.0)), false))
        .hasMessage("class-weights.sentiment.neutral must be above 0 and at most 1000.0, got 0.0");
  }

  @Test
  void aWeightedNetworkLearnsAsIfItsRowsCameTwice() {
    ComputationGraph weighted = network(Map.of("sentiment", Map.of("neutral", 2.0)));
    ComputationGraph plain = network(Map.of());

    weighted.fit(batch(1, 0, 2));
    plain.fit(batch(1, 0, 2, 1));

    // Losses are divided by the rows of the batch: 3 here, 4 there.
    assertThat(weighted.score() * 3)
        .isCloseTo(plain.score() * 4, org.assertj.core.data.Offset.offset(1e-5));
    INDArray start = network(Map.of()).params();
    INDArray step = weighted.params().sub(start).muli(3);
    INDArray expected = plain.params().sub(start).muli(4);
    assertThat(step.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-6);
  }

  @Test
  void weightsComeBackFromJsonAndWithoutThemItIsAsBefore() {
    ComputationGraphConfiguration weighted =
        network(Map.of("sentiment", Map.of("neutral", 2.0))).getConfiguration();

    assertThat(ComputationGraphConfiguration.fromJson(weighted.toJson())).isEqualTo(weighted);
    assertThat(weighted.toJson()).contains("classWeights");
    assertThat(network(Map.of()).getConfiguration().toJson()).doesNotContain("classWeights");
  }

  private static ComputationGraph network(Map<String, Map<String, Double>> weights) {
    UpdaterConfig sgd = new UpdaterConfig(UpdaterConfig.Kind.SGD, 0.1, 0, 0, 1e-8, 0);
    Networks.Task task = new Networks.Task(9, 3, new LabelSets(List.of(SENTIMENT)), 1);
    ComputationGraph network =
        new ComputationGraph(Networks.configuration(model(weights, false), sgd, task));
    network.init();
    return network;
  }

  /** Returns rows of the given classes; a row's text depends on its class. */
  private static MultiDataSet batch(int... classes) {
    INDArray tokens = Nd4j.zeros(classes.length, 2);
    INDArray labels = Nd4j.zeros(classes.length, 3);
    for (int row = 0; row < classes.length; row++) {
      tokens.putScalar(row, 0, 2 * classes[row]);
      tokens.putScalar(row, 1, 1 + classes[row]);
      labels.putScalar(row, classes[row], 1);
    }
    return new MultiDataSet(
        new INDArray[] {tokens},
        new INDArray[] {labels},
        new INDArray[] {Nd4j.ones(classes.length, 2)},
        null);
  }
}
