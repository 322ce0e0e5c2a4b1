package io.attune.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.layer.GradientChecks;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class NetworksTest {
  private static final int VOCABULARY = 30;
  private static final int TIME = 7;
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("topic", List.of("markets", "politics", "sport")),
              new Head("sentiment", List.of("negative", "positive"))));
  private static final UpdaterConfig ADAM =
      new UpdaterConfig(UpdaterConfig.Kind.ADAM, 1e-2, 0.9, 0.999, 1e-8, 0);
  private static final Networks.Task TASK = new Networks.Task(VOCABULARY, TIME, LABELS, 42);

  private static ModelConfig model(Kind kind, Dropout dropout) {
    return new ModelConfig(
        kind,
        2,
        2,
        8,
        12,
        Norm.PRE,
        FeedForwardActivation.GELU,
        Positions.LEARNED,
        Pooling.ATTENTION,
        dropout,
        0,
        0);
  }

  private static ComputationGraph network(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  private static ComputationGraph network(Kind kind) {
    return network(Networks.configuration(model(kind, Dropout.NONE), ADAM, TASK));
  }

  /** Six rows of several lengths; row 1 has no topic, row 2 no label at all. */
  private static MultiDataSet batch(long seed, DataType type) {
    Random random = new Random(seed);
    int rows = 6;
    INDArray tokens = Nd4j.zeros(type, rows, TIME);
    INDArray mask = Nd4j.zeros(type, rows, TIME);
    INDArray topics = Nd4j.zeros(type, rows, 3);
    INDArray sentiments = Nd4j.zeros(type, rows, 2);
    for (int row = 0; row < rows; row++) {
      int length = 1 + random.nextInt(TIME);
      for (int column = 0; column < length; column++) {
        tokens.putScalar(row, column, random.nextInt(VOCABULARY));
        mask.putScalar(row, column, 1);
      }
      topics.putScalar(row, random.nextInt(3), 1);
      sentiments.putScalar(row, random.nextInt(2), 1);
    }
    INDArray topicMask = Nd4j.createFromArray(1f, 0, 0, 1, 1, 1).reshape(rows, 1).castTo(type);
    INDArray sentimentMask = Nd4j.createFromArray(1f, 1, 0, 1, 1, 1).reshape(rows, 1).castTo(type);
    return new MultiDataSet(
        new INDArray[] {tokens},
        new INDArray[] {topics, sentiments},
        new INDArray[] {mask},
        new INDArray[] {topicMask, sentimentMask});
  }

  private static INDArray[] output(ComputationGraph network, MultiDataSet batch) {
    return network.output(false, batch.getFeatures(), batch.getFeaturesMaskArrays());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void gradientsPassTheChecksOfDl4j(Kind kind) {
    UpdaterConfig sgd = new UpdaterConfig(UpdaterConfig.Kind.SGD, 1, 0, 0, 1e-8, 0);
    GradientChecks.requireRight(
        () ->
            new GradientChecks.Case(
                network(
                    Networks.configuration(model(kind, Dropout.NONE), sgd, TASK, DataType.DOUBLE)),
                batch(1, DataType.DOUBLE)),
        4);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void learnsOneBatchByHeart(Kind kind) {
    ComputationGraph network = network(kind);
    MultiDataSet batch = batch(2, DataType.FLOAT);

    for (int step = 0; step < 100; step++) {
      network.fit(batch);
    }

    assertThat(network.score(batch)).isLessThan(0.03);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void comesBackFromDiskBitByBit(Kind kind) throws IOException {
    ComputationGraph network = network(kind);
    MultiDataSet batch = batch(3, DataType.FLOAT);
    network.fit(batch);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, true);

    ComputationGraph restored =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()));

    assertThat(restored.getConfiguration()).isEqualTo(network.getConfiguration());
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(output(restored, batch)).isEqualTo(output(network, batch));
    restored.fit(batch);
    network.fit(batch);
    assertThat(restored.params()).isEqualTo(network.params());
  }

  @Test
  void sameSeedGivesSameParameters() {
    assertThat(network(Kind.TRANSFORMER).params()).isEqualTo(network(Kind.TRANSFORMER).params());
  }

  @Test
  void configurationComesBackFromJson() {
    ModelConfig model =
        new ModelConfig(
            Kind.TRANSFORMER,
            1,
            2,
            8,
            12,
            Norm.POST,
            FeedForwardActivation.RELU,
            Positions.SINUSOIDAL,
            Pooling.MEAN,
            new Dropout(0.1, 0.2, 0.3, 0.4, 0.5),
            0,
            0.1);
    UpdaterConfig adamw = new UpdaterConfig(UpdaterConfig.Kind.ADAMW, 1e-3, 0.9, 0.99, 1e-7, 0.01);
    ComputationGraphConfiguration configuration = Networks.configuration(model, adamw, TASK);

    ComputationGraphConfiguration restored =
        ComputationGraphConfiguration.fromJson(configuration.toJson());

    assertThat(restored).isEqualTo(configuration);
    assertThat(restored.toJson()).isEqualTo(configuration.toJson());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aCloneTrainsAsItsOriginalAndApartFromIt(Kind kind) {
    UpdaterConfig sgd = new UpdaterConfig(UpdaterConfig.Kind.SGD, 0.1, 0, 0, 1e-8, 0);
    ComputationGraph network =
        network(Networks.configuration(model(kind, Dropout.NONE), sgd, TASK));
    MultiDataSet batch = batch(4, DataType.FLOAT);
    network.fit(batch);
    INDArray before = network.params().dup();

    ComputationGraph clone = network.clone();
    clone.fit(batch);

    assertThat(network.params()).isEqualTo(before);
    network.fit(batch);
    assertThat(clone.params()).isEqualTo(network.params());
  }

  /** DL4J's clone starts to count again from 0; Adam and dropout go by that count. */
  @Test
  void aCloneThatIsToldTheIterationTrainsAsItsOriginal() {
    Dropout dropout = new Dropout(0.2, 0.1, 0.1, 0.1, 0.5);
    ComputationGraph network =
        network(Networks.configuration(model(Kind.TRANSFORMER, dropout), ADAM, TASK));
    MultiDataSet batch = batch(12, DataType.FLOAT);
    network.fit(batch);

    ComputationGraph clone = network.clone();
    clone.getConfiguration().setIterationCount(network.getIterationCount());
    clone.fit(batch);

    network.fit(batch);
    assertThat(clone.params()).isEqualTo(network.params());
  }

  @Test
  void trainingGoesOnAfterARestoreAsIfNothingHadBeen() throws IOException {
    Dropout dropout = new Dropout(0.2, 0.1, 0.1, 0.1, 0.5);
    ComputationGraph network =
        network(Networks.configuration(model(Kind.TRANSFORMER, dropout), ADAM, TASK));
    MultiDataSet batch = batch(13, DataType.FLOAT);
    network.fit(batch);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, true);

    ComputationGraph restored =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()));
    restored.fit(batch);

    network.fit(batch);
    assertThat(restored.params()).isEqualTo(network.params());
  }

  @Test
  void parametersSetFromOutsideAreUsed() {
    ComputationGraph network = network(Kind.TRANSFORMER);
    ComputationGraph other =
        network(
            Networks.configuration(
                model(Kind.TRANSFORMER, Dropout.NONE),
                ADAM,
                new Networks.Task(VOCABULARY, TIME, LABELS, 43)));
    MultiDataSet batch = batch(5, DataType.FLOAT);
    assertThat(output(network, batch)[0]).isNotEqualTo(output(other, batch)[0]);

    network.setParams(other.params().dup());

    assertThat(output(network, batch)).isEqualTo(output(other, batch));
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
    Dropout dropout = new Dropout(0.2, 0.1, 0.1, 0.1, 0.5);
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
        new ModelConfig(
            plain.kind(),
            2,
            2,
            8,
            12,
            Norm.PRE,
            FeedForwardActivation.GELU,
            Positions.LEARNED,
            Pooling.ATTENTION,
            Dropout.NONE,
            0,
            0.2);
    ComputationGraph network = network(Networks.configuration(smoothed, ADAM, TASK));
    MultiDataSet batch = batch(9, DataType.FLOAT);

    for (int step = 0; step < 150; step++) {
      network.fit(batch);
    }

    // With a share s spread over k classes the best probability of the label is 1 - s + s / k.
    double certainty = output(network, batch)[1].getRow(0).maxNumber().doubleValue();
    assertThat(certainty).isCloseTo(0.9, org.assertj.core.data.Offset.offset(0.01));
  }

  @Test
  void weightDecayAndL2LeaveEmbeddingsAlone() {
    ModelConfig plain = model(Kind.SELF_ATTENTION, Dropout.NONE);
    ModelConfig penalised =
        new ModelConfig(
            plain.kind(),
            2,
            2,
            8,
            12,
            Norm.PRE,
            FeedForwardActivation.GELU,
            Positions.LEARNED,
            Pooling.ATTENTION,
            Dropout.NONE,
            0.1,
            0);
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

  @Test
  void refusesAHeadNamedAsAPartOfTheNetwork() {
    LabelSets labels = new LabelSets(List.of(new Head("tokens", List.of("a", "b"))));
    assertThatThrownBy(
            () ->
                Networks.configuration(
                    model(Kind.TRANSFORMER, Dropout.NONE),
                    ADAM,
                    new Networks.Task(VOCABULARY, TIME, labels, 1)))
        .hasMessage("a label head must not be named 'tokens', the network has a part of that name");
  }
}
