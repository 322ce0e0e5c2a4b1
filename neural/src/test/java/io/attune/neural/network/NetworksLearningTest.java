package io.attune.neural.network;

import static io.attune.neural.network.TestNetwork.ADAM;
import static io.attune.neural.network.TestNetwork.TASK;
import static io.attune.neural.network.TestNetwork.batch;
import static io.attune.neural.network.TestNetwork.model;
import static io.attune.neural.network.TestNetwork.network;
import static io.attune.neural.network.TestNetwork.output;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.layer.GradientChecks;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.optim.UpdaterConfig;
import java.util.Map;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Tests what networks learn: gradients, loss, regularisation, updaters. */
class NetworksLearningTest {
  /** Matches the names of weight matrices. */
  private static final Pattern DECAYING = Pattern.compile("weight$|quer(y|ies)$|_f?b?R?W$");

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "LINEAR")
  void gradientsPassTheChecksOfDl4j(Kind kind) {
    UpdaterConfig sgd = new UpdaterConfig(UpdaterConfig.Kind.SGD, 1, 0, 0, 1e-8, 0);
    ModelConfig narrow =
        ModelConfig.builder(kind)
            .layers(2)
            .heads(2)
            .width(4)
            .feedForward(6)
            .ngrams(new NgramConfig(3, 20))
            .build();
    GradientChecks.requireRight(
        () ->
            new GradientChecks.Case(
                network(Networks.configuration(narrow, sgd, TASK, DataType.DOUBLE)),
                batch(1, DataType.DOUBLE)));
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "LINEAR")
  void learnsOneBatchByHeart(Kind kind) {
    ComputationGraph network = network(kind);
    MultiDataSet batch = batch(2, DataType.FLOAT);

    for (int step = 0; step < 100; step++) {
      network.fit(batch);
    }

    assertThat(network.score(batch)).isLessThan(0.03);
  }

  @Test
  void aRowWithoutLabelTeachesNothing() {
    MultiDataSet batch = batch(6, DataType.FLOAT);
    MultiDataSet relabelled = batch(6, DataType.FLOAT);
    relabelled.getLabels(0).putRow(1, Nd4j.createFromArray(0.5f, 0.2f, 0.3f));
    relabelled.getLabels(0).putRow(2, Nd4j.createFromArray(0f, 0, 0));
    relabelled.getLabels(1).putRow(2, Nd4j.createFromArray(0f, 0));
    ComputationGraph network = network(Kind.SELF_ATTENTION);
    ComputationGraph other = network(Kind.SELF_ATTENTION);

    network.fit(batch);
    other.fit(relabelled);

    assertThat(other.score()).isEqualTo(network.score());
    assertThat(other.params()).isEqualTo(network.params());
  }

  @Test
  void lossIsTheSumOverLabelledRowsDividedByAllRows() {
    ComputationGraph network = network(Kind.SELF_ATTENTION);
    MultiDataSet batch = batch(7, DataType.FLOAT);
    double sum = 0;
    INDArray[] probabilities = output(network, batch);
    for (int head = 0; head < 2; head++) {
      for (int row = 0; row < 6; row++) {
        if (batch.getLabelsMaskArray(head).getDouble(row) == 1) {
          INDArray label = batch.getLabels(head).getRow(row);
          sum -= Math.log(probabilities[head].getRow(row).mul(label).sumNumber().doubleValue());
        }
      }
    }

    assertThat(network.score(batch)).isCloseTo(sum / 6, org.assertj.core.data.Offset.offset(1e-5));
  }

  @Test
  void dropoutIsTheSameForTheSameStepAndDiffersBetweenSteps() {
    Dropout dropout =
        Dropout.builder()
            .word(0.2)
            .attention(0.1)
            .residual(0.1)
            .feedForward(0.1)
            .output(0.5)
            .build();
    ComputationGraph one =
        network(Networks.configuration(model(Kind.TRANSFORMER, dropout), ADAM, TASK));
    ComputationGraph two =
        network(Networks.configuration(model(Kind.TRANSFORMER, dropout), ADAM, TASK));
    MultiDataSet batch = batch(8, DataType.FLOAT);

    one.fit(batch);
    two.fit(batch);
    assertThat(one.params()).isEqualTo(two.params());
    double scoreOfStep = one.score();
    one.setParams(network(Kind.TRANSFORMER).params());
    one.fit(batch);

    assertThat(one.score()).isNotEqualTo(scoreOfStep);
  }

  @Test
  void smoothedLabelsKeepProbabilitiesFromCertainty() {
    ModelConfig plain = model(Kind.SELF_ATTENTION, Dropout.NONE);
    ModelConfig smoothed =
        ModelConfig.builder(plain.kind())
            .layers(2)
            .heads(2)
            .width(8)
            .feedForward(12)
            .labelSmoothing(0.2)
            .build();
    ComputationGraph network = network(Networks.configuration(smoothed, ADAM, TASK));
    MultiDataSet batch = batch(9, DataType.FLOAT);

    for (int step = 0; step < 150; step++) {
      network.fit(batch);
    }

    // With a fraction s spread over k classes the best probability of the label is 1 - s + s / k.
    double certainty = output(network, batch)[1].getRow(0).maxNumber().doubleValue();
    assertThat(certainty).isCloseTo(0.9, org.assertj.core.data.Offset.offset(0.01));
  }

  @Test
  void weightDecayAndL2LeaveEmbeddingsAlone() {
    ModelConfig plain = model(Kind.SELF_ATTENTION, Dropout.NONE);
    ModelConfig penalised =
        ModelConfig.builder(plain.kind())
            .layers(2)
            .heads(2)
            .width(8)
            .feedForward(12)
            .l2(0.1)
            .build();
    UpdaterConfig sgd = new UpdaterConfig(UpdaterConfig.Kind.SGD, 0.1, 0, 0, 1e-8, 0);
    ComputationGraph with = network(Networks.configuration(penalised, sgd, TASK));
    ComputationGraph without = network(Networks.configuration(plain, sgd, TASK));
    MultiDataSet batch = batch(10, DataType.FLOAT);

    with.fit(batch);
    without.fit(batch);

    String weight = "encoder_block0.attention.in.weight";
    assertThat(with.getParam("encoder_tokens")).isEqualTo(without.getParam("encoder_tokens"));
    assertThat(with.getParam(weight)).isNotEqualTo(without.getParam(weight));
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "LINEAR")
  void aStepSubtractsTheWeightDecayOnceAndFromMatricesAlone(Kind kind) {
    UpdaterConfig adamw = new UpdaterConfig(UpdaterConfig.Kind.ADAMW, 0.1, 0.9, 0.98, 1e-8, 0.5);
    UpdaterConfig adam = new UpdaterConfig(UpdaterConfig.Kind.ADAM, 0.1, 0.9, 0.98, 1e-8, 0);
    ModelConfig model = model(kind, Dropout.NONE);
    ComputationGraph with = network(Networks.configuration(model, adamw, TASK));
    ComputationGraph without = network(Networks.configuration(model, adam, TASK));
    Map<String, INDArray> before = with.clone().paramTable();
    MultiDataSet batch = batch(10, DataType.FLOAT);

    with.fit(batch);
    without.fit(batch);

    assertThat(with.score()).isEqualTo(without.score()); // the decay is no part of the loss
    for (String name : before.keySet()) {
      boolean decays = DECAYING.matcher(name).find();
      INDArray expected = before.get(name).mul(decays ? 0.1 * 0.5 : 0);
      INDArray found = without.getParam(name).sub(with.getParam(name));
      assertThat(found.sub(expected).amaxNumber().doubleValue()).as(name).isLessThan(1e-6);
    }
  }

  @ParameterizedTest
  @EnumSource(UpdaterConfig.Kind.class)
  void everyUpdaterLowersTheLoss(UpdaterConfig.Kind kind) {
    UpdaterConfig updater =
        new UpdaterConfig(
            kind, 0.02, 0.9, 0.999, 1e-8, kind == UpdaterConfig.Kind.ADAMW ? 0.01 : 0);
    ComputationGraph network =
        network(Networks.configuration(model(Kind.TRANSFORMER, Dropout.NONE), updater, TASK));
    MultiDataSet batch = batch(11, DataType.FLOAT);
    double before = network.score(batch);

    for (int step = 0; step < 30; step++) {
      network.fit(batch);
    }

    assertThat(network.score(batch)).isLessThan(before * 0.95);
  }
}
