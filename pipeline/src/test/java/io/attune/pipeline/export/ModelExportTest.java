package io.attune.pipeline.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.attune.neural.export.EncoderClassifier;
import io.attune.neural.network.FineTuning;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.encoder.Encoders;
import io.attune.pipeline.export.ModelExport.Exported;
import io.attune.pipeline.export.ModelExport.Format;
import io.attune.pipeline.export.ModelExport.Request;
import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.stage.train.TestEncoder;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import io.attune.schemas.report.TrainingRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what an export holds, and what is refused. */
class ModelExportTest {
  private static final int MAX_TOKENS = 18;
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new LabelSets.Head("topic", List.of("finance", "phones")),
              new LabelSets.Head("mood", List.of("bad", "fair", "good"))));
  private static final Networks.Task TASK =
      new Networks.Task(TestTokenizer.WORDS.size(), MAX_TOKENS, LABELS, 4);
  private static final UpdaterConfig UPDATER =
      new UpdaterConfig(UpdaterConfig.Kind.SGD, 0.1, 0, 0, 1e-8, 0);

  @TempDir Path root;
  @TempDir Path outside;
  private StageContext context;

  @BeforeEach
  void openRoot() {
    context = TestNight.in(root);
  }

  private static ComputationGraph tuned() {
    return tuned(0.05);
  }

  private static ComputationGraph tuned(double change) {
    FineTuning tuning =
        new FineTuning(
            TestEncoder.encoder(), 1, ModelConfig.builder(Kind.TRANSFORMER).build(), TASK);
    ComputationGraph trained = tuning.start(UPDATER);
    trained.params().addi(change);
    return tuning.merged(trained);
  }

  private void publish(String version, ModelParts parts, Map<String, String> encoder) {
    Map<String, String> inputs = new TreeMap<>(encoder);
    inputs.put(Candidate.TOKENIZER_INPUT, Sha256.of(TestTokenizer.json()));
    new Candidate(
            parts,
            TestTokenizer.json(),
            LABELS,
            MAX_TOKENS,
            "task: test\n",
            TrainingRecord.builder().workers(1).epochs(1).bestEpoch(1).parameters(1).build(),
            "# A model\n")
        .publish(
            context.storage(),
            "models/test/" + version,
            context.recorder().record("train", inputs));
  }

  private void publishTuned() {
    publishTuned(ModelParts.of(tuned()));
  }

  private void publishTuned(ModelParts parts) {
    EncoderArtefact encoder = TestEncoder.publish(context);
    publish(
        "1",
        parts,
        Map.of("encoder/tiny", encoder.card().weights(), "encoder/tiny/licence", "Apache-2.0"));
  }

  private Exported export(String model, Format format) {
    return export(model, 0, format);
  }

  private Exported export(String model, int network, Format format) {
    return ModelExport.run(
        context.storage(),
        new Request("test", model, network, format, outside.resolve("out").toString()),
        new Configuration());
  }

  private JsonNode json(String file) throws IOException {
    return Json.read(Files.readAllBytes(outside.resolve("out").resolve(file)), JsonNode.class);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void isAnEncoderThatARootTakesBack(Format format) throws IOException {
    publishTuned();
    CurrentModel.of(context.storage(), "test").pointTo("1", "test", Clock.systemUTC());

    Exported exported = export(ModelExport.CURRENT, format);

    assertThat(exported.version()).isEqualTo("1");
    assertThat(exported.heads()).containsExactly("topic", "mood");
    EncoderArtefact back =
        Encoders.in(context.storage())
            .importFolder("back", exported.location(), new Configuration(), context.recorder());
    float[] network =
        tuned().getLayer(Networks.ENCODER).params().dup('c').reshape(-1).toFloatVector();
    assertThat(back.pretrained().parameters()).isEqualTo(network);
    assertThat(back.card().licence()).isEqualTo("Apache-2.0");
    assertThat(back.card().trainedOn()).containsExactly("test");
    assertThat(back.tokenizer()).isEqualTo(Encoders.in(context.storage()).open("tiny").tokenizer());
  }

  @Test
  void saysWhatItIsAndLeavesNothingBeside() throws IOException {
    publishTuned();

    export("1", Format.SAFETENSORS);

    assertThat(json("config.json").at("/attune/heads/1/classes/2").asText()).isEqualTo("good");
    assertThat(json("config.json").at("/attune/max_tokens").asInt()).isEqualTo(MAX_TOKENS);
    assertThat(json("config.json").path("pad_token_id").asInt(-1)).isZero();
    assertThat(json("tokenizer.json").at("/truncation/max_length").asInt()).isEqualTo(MAX_TOKENS);
    assertThat(json("tokenizer_config.json").path("pad_token").asText()).isEqualTo("[PAD]");
    assertThat(Files.readString(outside.resolve("out/README.md")))
        .startsWith("---\nlicense: apache-2.0\n")
        .contains("# Model 1 of task test", "- mood: bad, fair, good", "`tiny`")
        .doesNotContain("What is not here");
    Artefacts.of(Storage.at(outside.toString(), new Configuration())).verify("out");
    try (Stream<Path> files = Files.walk(outside)) {
      assertThat(files.filter(Files::isRegularFile).map(outside.resolve("out")::relativize))
          .extracting(Path::toString)
          .containsExactlyInAnyOrder(
              "1_Pooling/config.json",
              "LICENSE",
              "MANIFEST.json",
              "README.md",
              "config.json",
              "encoder.json",
              "model.safetensors",
              "modules.json",
              "sentence_bert_config.json",
              "tokenizer.json",
              "tokenizer_config.json");
    }
  }

  @Test
  void hasTheTemperaturesOfAnOnlyNetworkInItsHeads() throws IOException {
    publishTuned(
        ModelParts.of(tuned())
            .scaled(
                List.of(
                    new HeadTemperature("topic", 2, 9, 0.5, 0.4), HeadTemperature.none("mood"))));

    export("1", Format.SAFETENSORS);

    assertThat(Files.readString(outside.resolve("out/README.md")))
        .contains("Its logits are divided by the temperatures");
    EncoderClassifier raw = EncoderClassifier.of(tuned(), LABELS);
    EncoderClassifier scaled = raw.scaled(List.of(2.0, 1.0));
    for (int i = 0; i < raw.heads().get(0).weight().length; i++) {
      assertThat(scaled.heads().get(0).weight()[i]).isEqualTo(raw.heads().get(0).weight()[i] / 2);
    }
    assertThat(scaled.heads().get(0).bias()[0]).isEqualTo(raw.heads().get(0).bias()[0] / 2);
    assertThat(scaled.heads().get(1).weight()).isEqualTo(raw.heads().get(1).weight());
  }

  @Test
  void refusesWhatItCannotFindOrWouldOverwrite() throws IOException {
    publishTuned();
    assertThatThrownBy(() -> export("2", Format.ONNX))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("Task 'test' has no model '2' at")
        .hasMessageContaining("name one of them with --model: 1");
    assertThatThrownBy(() -> export(ModelExport.CURRENT, Format.ONNX))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("Task 'test' has no current model at");
    Files.createDirectories(outside.resolve("out"));
    assertThatThrownBy(() -> export("1", Format.ONNX))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("out' exists; nothing was written");
    assertThat(outside.resolve("out")).isEmptyDirectory();
  }

  @Test
  void ofSeveralNetworksOneIsChosen() throws IOException {
    publishTuned(ModelParts.of(tuned(0.05)).and(ModelParts.of(tuned(0.07))));

    assertThatThrownBy(() -> export("1", Format.SAFETENSORS))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "Cannot export model 1 of task 'test' as a whole. It answers with the mean of 2"
                + " networks, and an export holds one; choose it with --network, from 1 to 2");
    assertThatThrownBy(() -> export("1", 3, Format.SAFETENSORS))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage("Model 1 of task 'test' has no network 3: --network is 1 to 2");
    Exported exported = export("1", 2, Format.SAFETENSORS);

    EncoderArtefact back =
        Encoders.in(context.storage())
            .importFolder("back", exported.location(), new Configuration(), context.recorder());
    assertThat(back.pretrained().parameters())
        .isEqualTo(
            tuned(0.07).getLayer(Networks.ENCODER).params().dup('c').reshape(-1).toFloatVector());
    assertThat(Files.readString(outside.resolve("out/README.md")))
        .contains("of the probabilities of 2 networks", "This folder holds network 2");
    assertThat(
            Artefacts.of(Storage.at(outside.toString(), new Configuration()))
                .manifest("out")
                .provenance()
                .inputs())
        .containsOnlyKeys("model/model-2.zip");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void besideALinearPartOnlyAnOnlyNetworkHasFiguresInTheReport(int networks) throws IOException {
    ModelParts parts = ModelParts.of(tuned(0.05));
    ModelParts network = networks == 1 ? parts : parts.and(ModelParts.of(tuned(0.07)));
    publishTuned(
        network.with(
            linear(),
            LABELS.heads().stream()
                .map(head -> new HeadWeights(head.name(), 1, 1, 0, null, null, null))
                .toList()));

    export("1", networks == 1 ? 0 : 2, Format.SAFETENSORS);

    String card = Files.readString(outside.resolve("out/README.md"));
    assertThat(card).contains("its probabilities are those of the network alone");
    assertThat(card.contains("`candidate-network`")).isEqualTo(networks == 1);
    assertThat(card.contains("its figures are not those of the model")).isEqualTo(networks == 2);
  }

  @Test
  void refusesAModelWithAVocabularyOfItsOwn() {
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(
                ModelConfig.builder(Kind.SELF_ATTENTION).heads(2).width(8).build(), UPDATER, TASK));
    network.init();
    publish("1", ModelParts.of(network), Map.of());

    assertThatThrownBy(() -> export("1", Format.SAFETENSORS))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageStartingWith(
            "Cannot export model 1 of task 'test'. The network has a vocabulary of its own")
        .hasMessageContaining("embeddings without a norm")
        .hasMessageEndingWith("tuned from a pretrained encoder (model.encoder) can be exported");
    assertThat(outside).isEmptyDirectory();
  }

  /** Returns a linear part of one feature, which says nothing. */
  private static LinearModel linear() {
    ByteBuffer linear =
        ByteBuffer.allocate(44)
            .putInt(0x41544C4E)
            .putInt(1)
            .putInt(1)
            .putInt(LABELS.heads().size());
    linear.putLong(7).putFloat(1); // the one feature
    LABELS.heads().forEach(head -> linear.putInt(head.classes().size()).putInt(0));
    return LinearModel.read(linear.array(), "test");
  }

  @Test
  void refusesAModelWithoutANetwork() {
    publish("1", ModelParts.of(linear()), Map.of());

    assertThatThrownBy(() -> export("1", Format.SAFETENSORS))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("It is of kind linear and has no network");
    assertThat(outside).isEmptyDirectory();
  }
}
