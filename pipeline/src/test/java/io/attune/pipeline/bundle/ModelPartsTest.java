package io.attune.pipeline.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.linear.CountedText;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.pipeline.linear.LinearModel;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPartsTest {
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("topic", List.of("finance", "phones")),
              new Head("mood", List.of("bad", "flat", "good"))));
  private static final List<String> TEXTS = List.of("the bank is bad", "phone", "");
  private static final LinearConfig CONFIG = new LinearConfig(10, 1, 1000, 1000);

  private static ModelParts network;
  private static ModelParts another;
  private static LinearModel linear;

  @TempDir Path root;
  private StageContext context;

  @BeforeAll
  static void trainOnce() {
    network = network(4);
    another = network(5);
    // No row has a mood.
    linear =
        LinearModel.fit(
            JavaSparkContext.fromSparkContext(TestNight.spark().sparkContext())
                .parallelize(
                    List.of(
                        CountedText.of("a", new int[] {0, -1}, "the bank is good"),
                        CountedText.of("b", new int[] {1, -1}, "the phone is bad"))),
            LABELS,
            CONFIG);
  }

  private static ModelParts network(long seed) {
    UpdaterConfig updater = new UpdaterConfig(UpdaterConfig.Kind.ADAM, 1e-3, 0.9, 0.999, 1e-8, 0);
    ComputationGraph graph =
        new ComputationGraph(
            Networks.configuration(
                ModelConfig.builder(ModelConfig.Kind.ATTENTION_POOLING).heads(2).width(8).build(),
                updater,
                new Networks.Task(TestTokenizer.WORDS.size(), 16, LABELS, seed)));
    graph.init();
    return ModelParts.of(graph);
  }

  @BeforeEach
  void openRoot() {
    context = TestNight.in(root);
  }

  @Test
  void answersWithThePowersOfBothParts() {
    publish(network.with(linear, weights("topic", "mood")), LABELS);

    Classifier.Answers answers = classifier().answers(TEXTS);

    float[][][] networks = answers.parts().get(Classifier.Part.NETWORK);
    float[][][] linears = answers.parts().get(Classifier.Part.LINEAR);
    assertThat(linears).isDeepEqualTo(linear.probabilities(TEXTS));
    for (int text = 0; text < TEXTS.size(); text++) {
      double first = Math.pow(networks[text][0][0], 0.25) * Math.pow(linears[text][0][0], 1.5);
      double second = Math.pow(networks[text][0][1], 0.25) * Math.pow(linears[text][0][1], 1.5);
      assertThat((double) answers.whole()[text][0][0])
          .isCloseTo(first / (first + second), within(1e-5));
      assertThat(answers.whole()[text][1]).isEqualTo(networks[text][1]); // no linear part there
    }
    assertThat(classifier().probabilities(TEXTS)).isDeepEqualTo(answers.whole());
  }

  @Test
  void answersWithoutANetwork() {
    publish(ModelParts.of(linear), LABELS);

    float[][][] answers = classifier().probabilities(TEXTS);

    assertThat(answers).isDeepEqualTo(linear.probabilities(TEXTS));
    assertThat(answers[0][1]).isNull();
    assertThat(classifier().attention(TEXTS)).containsExactly(List.of(), List.of(), List.of());
  }

  @Test
  void dividesTheLogitsOfItsNetworksByTheirTemperatures() {
    ModelParts both = network.and(another);
    publish(
        both.scaled(
            List.of(new HeadTemperature("topic", 2, 40, 0.7, 0.6), HeadTemperature.none("mood"))),
        LABELS);
    float[][][] raw = alone(both).probabilities(TEXTS);

    float[][][] scaled = classifier().probabilities(TEXTS);

    for (int text = 0; text < TEXTS.size(); text++) {
      double one = Math.sqrt(raw[text][0][0]);
      double other = Math.sqrt(raw[text][0][1]);
      assertThat((double) scaled[text][0][0]).isCloseTo(one / (one + other), within(1e-6));
      assertThat(scaled[text][1]).isEqualTo(raw[text][1]);
    }
    assertThat(classifier().answers(TEXTS).parts().get(Classifier.Part.NETWORK)).isDeepEqualTo(raw);
  }

  @Test
  void refusesTemperaturesOfOtherHeads() {
    publish(network.scaled(List.of(HeadTemperature.none("topic"))), LABELS);

    assertThatThrownBy(this::classifier)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("temperatures.json' has temperatures for the heads [topic]");
  }

  @Test
  void answersWithTheMeanOfItsNetworks() {
    publish(network.and(another).with(linear, weights("topic", "mood")), LABELS);
    Classifier together = classifier();
    float[][][] first = alone(network).probabilities(TEXTS);
    float[][][] second = alone(another).probabilities(TEXTS);

    Classifier.Answers answers = together.answers(TEXTS);

    float[][][] mean = answers.parts().get(Classifier.Part.NETWORK);
    float[][][] linears = answers.parts().get(Classifier.Part.LINEAR);
    for (int text = 0; text < TEXTS.size(); text++) {
      for (int head = 0; head < 2; head++) {
        for (int label = 0; label < mean[text][head].length; label++) {
          assertThat((double) mean[text][head][label])
              .isCloseTo(
                  ((double) first[text][head][label] + second[text][head][label]) / 2,
                  within(1e-7));
        }
      }
      double one = Math.pow(mean[text][0][0], 0.25) * Math.pow(linears[text][0][0], 1.5);
      double other = Math.pow(mean[text][0][1], 0.25) * Math.pow(linears[text][0][1], 1.5);
      assertThat((double) answers.whole()[text][0][0]).isCloseTo(one / (one + other), within(1e-5));
    }
    assertThat(first[0][0]).isNotEqualTo(second[0][0]);
  }

  @Test
  void showsTheMeanOfTheAttentionOfItsNetworks() {
    publish(network.and(another), LABELS);

    List<AttendedSpan> mean = classifier().attention(TEXTS).get(0);

    List<AttendedSpan> first = alone(network).attention(TEXTS).get(0);
    List<AttendedSpan> second = alone(another).attention(TEXTS).get(0);
    assertThat(mean).extracting(AttendedSpan::start).containsExactly(0, 4, 9, 12);
    for (int word = 0; word < mean.size(); word++) {
      assertThat(mean.get(word).weight())
          .isCloseTo((first.get(word).weight() + second.get(word).weight()) / 2, within(1e-6));
    }
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void refusesABundleThatLacksOneOfItsNetworks() throws IOException {
    publish(network.and(another), LABELS);
    Files.delete(root.resolve("models/test/1/model-2.zip"));

    assertThatThrownBy(this::classifier)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("'model-2.zip' is missing");
  }

  @Test
  void refusesABundleOfWhichASecondNetworkIsDamaged() throws IOException {
    publish(network.and(another), LABELS);
    Path second = root.resolve("models/test/1/model-2.zip");
    byte[] bytes = Files.readAllBytes(second);
    bytes[bytes.length / 2] ^= 1;
    Files.write(second, bytes);
    Files.deleteIfExists(second.resolveSibling(".model-2.zip.crc"));

    assertThatThrownBy(this::classifier)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("model-2.zip' is damaged");
  }

  @Test
  void tellsModelsApartThatShareANetwork() {
    publish(network, LABELS);
    Classifier alone = classifier();
    ModelFiles files = ModelFiles.read(context.artefacts().open("models/test/1"));
    ModelParts both = network.with(linear, weights("topic", "mood"));

    Classifier beside =
        Classifier.shared(
            new ModelFiles(both, files.tokenizer(), LABELS, files.maxTokens(), files.version()));

    assertThat(beside).isNotSameAs(alone);
  }

  @Test
  void refusesWeightsOfOtherHeads() {
    publish(network.with(linear, weights("topic", "other")), LABELS);

    assertThatThrownBy(this::classifier)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("combination.json' has weights for the heads [topic, other]")
        .hasMessageContaining("the model has [topic, mood]");
  }

  @Test
  void refusesALinearPartOfOtherHeads() {
    publish(ModelParts.of(linear), new LabelSets(List.of(LABELS.heads().get(0))));

    assertThatThrownBy(this::classifier)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("linear.bin' answers heads of [2, 3] classes");
  }

  @Test
  void refusesABundleWithoutParts() {
    publish(
        new ModelParts(List.of(), ModelParts.NONE, ModelParts.UNCOMBINED, ModelParts.UNSCALED),
        LABELS);

    assertThatThrownBy(this::classifier)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("holds neither 'model.zip' nor 'linear.bin'");
  }

  private static List<HeadWeights> weights(String... heads) {
    return List.of(heads).stream()
        .map(head -> new HeadWeights(head, 0.25, 1.5, 10, 0.5, 0.4, 0.3))
        .toList();
  }

  private Classifier classifier() {
    return Classifier.shared(ModelFiles.read(context.artefacts().open("models/test/1")));
  }

  /** Returns a classifier that has some parts alone, beside the published model. */
  private Classifier alone(ModelParts parts) {
    ModelFiles files = ModelFiles.read(context.artefacts().open("models/test/1"));
    return Classifier.shared(
        new ModelFiles(
            parts, files.tokenizer(), files.labels(), files.maxTokens(), files.version()));
  }

  private void publish(ModelParts parts, LabelSets labels) {
    byte[] tokenizer = TestTokenizer.json();
    new Candidate(
            parts,
            tokenizer,
            labels,
            16,
            "task: test\n",
            TrainingRecord.builder().build(),
            "# A model\n")
        .publish(
            context.storage(),
            "models/test/1",
            context
                .recorder()
                .record("train", Map.of(Candidate.TOKENIZER_INPUT, Sha256.of(tokenizer))));
  }
}
