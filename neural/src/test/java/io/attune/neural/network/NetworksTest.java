package io.attune.neural.network;

import static io.attune.neural.network.TestNetwork.ADAM;
import static io.attune.neural.network.TestNetwork.LABELS;
import static io.attune.neural.network.TestNetwork.TASK;
import static io.attune.neural.network.TestNetwork.TIME;
import static io.attune.neural.network.TestNetwork.VOCABULARY;
import static io.attune.neural.network.TestNetwork.batch;
import static io.attune.neural.network.TestNetwork.model;
import static io.attune.neural.network.TestNetwork.network;
import static io.attune.neural.network.TestNetwork.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Inference;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.onednn.OneDnn;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Tests how networks are built, saved, restored and cloned. */
class NetworksTest {

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "LINEAR")
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
  void onlyAFrozenNetworkRoundsToIntegers() {
    assumeTrue(OneDnn.hasFastInt8(), "this processor does not multiply 8-bit integers");
    ModelConfig.Builder model =
        ModelConfig.builder(Kind.TRANSFORMER).heads(2).width(32).feedForward(64);
    MultiDataSet batch = batch(3, DataType.FLOAT);
    INDArray exact = output(network(Networks.configuration(model.build(), ADAM, TASK)), batch)[0];
    ComputationGraph network =
        network(Networks.configuration(model.inference(Inference.INT8).build(), ADAM, TASK));

    INDArray before = output(network, batch)[0].dup();
    Networks.freeze(network);
    INDArray after = output(network, batch)[0];

    assertThat(before).isEqualTo(exact);
    assertThat(after).isNotEqualTo(exact);
    assertThat(after.distance2(exact)).isLessThan(0.1);
  }

  @Test
  void sameSeedGivesSameParameters() {
    assertThat(network(Kind.TRANSFORMER).params()).isEqualTo(network(Kind.TRANSFORMER).params());
  }

  @Test
  void tablesThatNoCheckpointHoldsAreRefusedBeforeTheyAreMade() {
    ModelConfig model =
        ModelConfig.builder(Kind.NGRAM_ATTENTION)
            .heads(2)
            .width(128)
            .ngrams(new NgramConfig(3, 1 << 21))
            .build();

    assertThatThrownBy(() -> Networks.configuration(model, ADAM, TASK))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("2,097,152 rows of n-grams (model.ngrams.buckets)")
        .hasMessageContaining("the width 128 (model.width)")
        .hasMessageContaining("a checkpoint holds at most 267,386,880");
  }

  @Test
  void configurationComesBackFromJson() {
    ModelConfig model =
        ModelConfig.builder(Kind.TRANSFORMER)
            .heads(2)
            .width(8)
            .feedForward(12)
            .norm(Norm.POST)
            .activation(FeedForwardActivation.RELU)
            .positions(Positions.SINUSOIDAL)
            .pooling(Pooling.MEAN)
            .dropout(
                Dropout.builder()
                    .word(0.1)
                    .attention(0.2)
                    .residual(0.3)
                    .feedForward(0.4)
                    .output(0.5)
                    .build())
            .labelSmoothing(0.1)
            .build();
    UpdaterConfig adamw = new UpdaterConfig(UpdaterConfig.Kind.ADAMW, 1e-3, 0.9, 0.99, 1e-7, 0.01);
    ComputationGraphConfiguration configuration = Networks.configuration(model, adamw, TASK);

    ComputationGraphConfiguration restored =
        ComputationGraphConfiguration.fromJson(configuration.toJson());

    assertThat(restored).isEqualTo(configuration);
    assertThat(restored.toJson()).isEqualTo(configuration.toJson());
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "LINEAR")
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

  /**
   * Sets the iteration, since DL4J's clone counts from 0 and Adam and dropout depend on that count.
   */
  @Test
  void aCloneThatIsToldTheIterationTrainsAsItsOriginal() {
    Dropout dropout =
        Dropout.builder()
            .word(0.2)
            .attention(0.1)
            .residual(0.1)
            .feedForward(0.1)
            .output(0.5)
            .build();
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
    Dropout dropout =
        Dropout.builder()
            .word(0.2)
            .attention(0.1)
            .residual(0.1)
            .feedForward(0.1)
            .output(0.5)
            .build();
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

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"TRANSFORMER", "LSTM_ATTENTION"})
  void everyLayerOfTheEncoderHasTheChosenBackend(Kind kind) {
    ModelConfig model =
        ModelConfig.builder(kind).heads(2).width(8).backend(BackendChoice.CPU_SCALAR).build();

    String json = Networks.configuration(model, ADAM, TASK).toJson();

    assertThat(json).contains("\"backend\" : \"CPU_SCALAR\"").doesNotContain("\"AUTO\"");
  }
}
