package io.attune.neural.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.pretrained.EncoderFolder;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;

/** Tests that what is written computes what the network does. */
class HuggingFaceFormTest {
  @TempDir Path folder;

  private EncoderFolder write(EncoderClassifier classifier) throws IOException {
    HuggingFaceForm form = new HuggingFaceForm(classifier);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    form.writeWeights(out);
    Files.write(folder.resolve("model.safetensors"), out.toByteArray());
    return TunedNetwork.opened(folder, form.files(12, 0));
  }

  private JsonNode config() throws IOException {
    return Json.read(Files.readAllBytes(folder.resolve("config.json")), JsonNode.class);
  }

  private float[] tensor(String name) throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("model.safetensors")))
            .order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) file.getLong();
    byte[] json = new byte[header];
    file.get(json);
    JsonNode place = Json.read(json, JsonNode.class).path(name).path("data_offsets");
    float[] values = new float[(place.get(1).asInt() - place.get(0).asInt()) / Float.BYTES];
    file.position(Long.BYTES + header + place.get(0).asInt());
    file.asFloatBuffer().get(values);
    return values;
  }

  /** Returns {@code W x + b} of tensors {@code [out, in]}. */
  private float[] dense(float[] x, String name) throws IOException {
    float[] weight = tensor(name + ".weight");
    float[] y = tensor(name + ".bias");
    for (int out = 0; out < y.length; out++) {
      for (int in = 0; in < x.length; in++) {
        y[out] += weight[out * x.length + in] * x[in];
      }
    }
    return y;
  }

  private static float[] softmax(float[] logits) {
    float[] values = logits.clone();
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.exp(logits[i]) / sum);
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void isReadAgainWithTheSameProbabilities(Pooling pooling) throws IOException {
    LabelSets labels = new LabelSets(List.of(TunedNetwork.MOOD, TunedNetwork.TOPIC));
    ComputationGraph network =
        TunedNetwork.of(pooling, FeedForwardActivation.GELU, TunedNetwork.MOOD, TunedNetwork.TOPIC);
    EncoderClassifier written = EncoderClassifier.of(network, labels);

    EncoderFolder read = write(written);

    assertThat(config().path("architectures").get(0).asText()).isEqualTo("BertModel");
    assertThat(config().at("/attune/pooling").asText())
        .isEqualTo(pooling.name().toLowerCase(Locale.ROOT));
    assertThat(read.unused()).contains("heads.mood.weight", "heads.topic.bias");
    float[] parameters = read.read().parameters();
    assertThat(Arrays.copyOf(written.encoder().parameters(), parameters.length))
        .isEqualTo(parameters); // a learned pooling comes last
    float[][][] expected = TunedNetwork.answers(network);
    float[][][] answers = written.probabilities(TunedNetwork.rows());
    for (int row = 0; row < answers.length; row++) {
      for (int head = 0; head < 2; head++) {
        assertThat(answers[row][head])
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(expected[head][row]);
      }
    }
  }

  @Test
  void isWhatHuggingFacesClassComputesForOneHeadOverTheFirstToken() throws IOException {
    LabelSets labels = new LabelSets(List.of(TunedNetwork.MOOD));
    ComputationGraph network =
        TunedNetwork.of(Pooling.FIRST, FeedForwardActivation.GELU, TunedNetwork.MOOD);

    PretrainedEncoder encoder = write(EncoderClassifier.of(network, labels)).read();

    assertThat(config().path("architectures").get(0).asText())
        .isEqualTo("BertForSequenceClassification");
    assertThat(config().at("/id2label/2").asText()).isEqualTo("good");
    assertThat(config().at("/label2id/bad").asInt()).isZero();
    float[][] first =
        new StandaloneEncoder(
                encoder.shape(), Nd4j.createFromArray(encoder.parameters()), BackendChoice.AUTO)
            .encode(TunedNetwork.rows());
    float[][] expected = TunedNetwork.answers(network)[0];
    for (int row = 0; row < expected.length; row++) {
      float[] pooled = dense(first[row], "bert.pooler.dense");
      for (int i = 0; i < pooled.length; i++) {
        pooled[i] = (float) Math.tanh(pooled[i]);
      }
      assertThat(softmax(dense(pooled, "classifier")))
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(expected[row]);
    }
  }

  @Test
  void refusesANetworkThatIsNotOfBertsForm() {
    LabelSets labels = new LabelSets(List.of(TunedNetwork.MOOD));
    for (Kind kind : List.of(Kind.TRANSFORMER, Kind.LSTM_ATTENTION)) {
      ModelConfig model =
          ModelConfig.builder(kind).layers(1).heads(2).width(8).feedForward(16).build();
      ComputationGraph network =
          new ComputationGraph(
              Networks.configuration(
                  model,
                  new UpdaterConfig(UpdaterConfig.Kind.SGD, 0.1, 0, 0, 1e-8, 0),
                  new Networks.Task(TunedNetwork.VOCABULARY, 12, labels, 3)));
      network.init();

      assertThatThrownBy(() -> EncoderClassifier.of(network, labels))
          .isInstanceOf(Failure.BadUsage.class)
          .hasMessageStartingWith("The network ")
          .hasMessageContaining(
              kind == Kind.TRANSFORMER
                  ? "is not of BERT's form"
                  : "is of TokenPoolingLayer, not of one encoder over token ids")
          .hasMessageEndingWith("tuned from a pretrained encoder (model.encoder) can be exported");
    }
  }
}
