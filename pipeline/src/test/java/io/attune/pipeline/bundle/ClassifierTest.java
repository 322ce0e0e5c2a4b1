package io.attune.pipeline.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.TrainingRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTest {
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new LabelSets.Head("topic", List.of("finance", "phones")),
              new LabelSets.Head("sentiment", List.of("negative", "neutral", "positive"))));
  private static final String HASH = "0".repeat(64);

  @TempDir Path root;
  private StageContext context;

  @BeforeEach
  void openRoot() {
    context = TestNight.in(root);
  }

  @Test
  void answersInTheOrderOfTheTexts() {
    Classifier classifier = Classifier.shared(files());
    List<String> texts = texts(150);
    List<Integer> order = new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
    Collections.shuffle(order, new Random(3));

    float[][][] straight = classifier.probabilities(texts);
    float[][][] shuffled = classifier.probabilities(order.stream().map(texts::get).toList());

    for (int place = 0; place < order.size(); place++) {
      for (int head = 0; head < 2; head++) {
        assertThat(shuffled[place][head])
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(straight[order.get(place)][head]);
      }
    }
    assertThat(straight[0][0]).hasSize(2);
    assertThat(straight[0][1]).hasSize(3);
    assertThat(straight[7][1][0] + straight[7][1][1] + straight[7][1][2])
        .isCloseTo(1f, within(1e-5f));
  }

  @Test
  void answersAnyText() {
    Classifier classifier = Classifier.shared(files());
    List<String> texts =
        List.of("", " \n", "\ud800 broken", "x".repeat(100_000), "good ".repeat(500));

    float[][][] answers = classifier.probabilities(texts);

    for (float[][] answer : answers) {
      for (float[] head : answer) {
        for (float probability : head) {
          assertThat(probability).isBetween(0f, 1f);
        }
      }
    }
    assertThat(classifier.attention(texts)).hasSameSizeAs(texts);
    assertThat(classifier.probabilities(List.of())).isEmpty();
  }

  @Test
  void showsTheWordsThatItAttendedTo() {
    List<List<AttendedSpan>> attention =
        Classifier.shared(files()).attention(List.of("the bank is bad", "good"));

    assertThat(attention.get(0)).extracting(AttendedSpan::start).containsExactly(0, 4, 9, 12);
    assertThat(attention.get(0)).extracting(AttendedSpan::end).containsExactly(3, 8, 11, 15);
    assertThat(attention.get(0).stream().mapToDouble(AttendedSpan::weight).sum())
        .isCloseTo(1, within(1e-5));
    assertThat(attention.get(1)).containsExactly(new AttendedSpan(0, 4, 1));
  }

  @Test
  void answersToALongTextWithTheMeanOverItsWindows() {
    ModelFiles files = files();
    ModelFiles windows =
        new ModelFiles(
            files.parts(),
            files.tokenizer(),
            LABELS,
            4,
            new LongTexts(LongTexts.Keep.WINDOWS, 0.5, 9),
            "windows");
    Classifier classifier = Classifier.shared(windows);
    List<String> parts = List.of("good bad not bank", "not bank is was", "bank is was very");

    float[][][] apart = classifier.probabilities(parts);
    float[][][] answers =
        classifier.probabilities(List.of("good", "good bad not bank is was very", "bad"));
    List<List<AttendedSpan>> spans = classifier.attention(parts);
    List<AttendedSpan> attention =
        classifier.attention(List.of("good bad not bank is was very")).get(0);

    assertThat(answers).hasDimensions(3, 2);
    for (int head = 0; head < 2; head++) {
      for (int label = 0; label < answers[1][head].length; label++) {
        float mean = (apart[0][head][label] + apart[1][head][label] + apart[2][head][label]) / 3;
        assertThat(answers[1][head][label]).isCloseTo(mean, within(1e-5f));
      }
    }
    assertThat(answers[0][0])
        .containsExactly(classifier.probabilities(List.of("good"))[0][0], within(1e-6f));
    assertThat(attention).hasSize(7);
    assertThat(attention.get(0).weight()).isCloseTo(spans.get(0).get(0).weight() / 3, within(1e-5));
    assertThat(attention.get(3).weight()) // "bank" stands in all three windows
        .isCloseTo(
            (spans.get(0).get(3).weight()
                    + spans.get(1).get(1).weight()
                    + spans.get(2).get(0).weight())
                / 3,
            within(1e-5));
    assertThat(attention.stream().mapToDouble(AttendedSpan::weight).sum())
        .isCloseTo(1, within(1e-5));
  }

  @Test
  void aModelKeepsHowItReadsLongTexts() {
    LongTexts windows = new LongTexts(LongTexts.Keep.WINDOWS, 0.25, 3);
    ModelFiles files = files();
    new Candidate(files.parts(), files.tokenizer(), LABELS, 8, windows, "", record(), "# A model\n")
        .publish(
            context.storage(),
            "models/test/2",
            context.recorder().record("train", Map.of(Candidate.TOKENIZER_INPUT, tokenizerHash())));

    assertThat(files.longTexts()).isEqualTo(LongTexts.HEAD_AND_TAIL);
    assertThat(ModelFiles.read(context.artefacts().open("models/test/2")).longTexts())
        .isEqualTo(windows);
  }

  @Test
  void anLstmAnswersAndShowsTheWordsThatItAttendedTo() {
    publish(tokenizerHash(), model(ModelConfig.Kind.LSTM_ATTENTION));
    Classifier classifier =
        Classifier.shared(ModelFiles.read(context.artefacts().open("models/test/1")));
    List<String> texts = List.of("the bank is bad", "good");

    List<List<AttendedSpan>> attention = classifier.attention(texts);

    assertThat(attention.get(0)).extracting(AttendedSpan::start).containsExactly(0, 4, 9, 12);
    assertThat(attention.get(0).stream().mapToDouble(AttendedSpan::weight).sum())
        .isCloseTo(1, within(1e-5));
    assertThat(attention.get(1)).containsExactly(new AttendedSpan(0, 4, 1));
    float[][][] together = classifier.probabilities(texts);
    assertThat(classifier.probabilities(List.of("good"))[0][0])
        .containsExactly(together[1][0], within(1e-6f));
  }

  @Test
  void isOneForAllTasksOfAJvmAndServesThemAtTheSameTime() {
    ModelFiles files = files();
    Classifier classifier = Classifier.shared(files);
    List<String> texts = texts(80);
    float[][][] alone = classifier.probabilities(texts);

    List<float[][][]> together =
        IntStream.range(0, 8).parallel().mapToObj(i -> classifier.probabilities(texts)).toList();

    assertThat(Classifier.shared(ModelFiles.read(context.artefacts().open("models/test/1"))))
        .isSameAs(classifier);
    for (float[][][] answers : together) {
      assertThat(answers).isDeepEqualTo(alone);
    }
  }

  @Test
  void refusesATokenizerThatTheNetworkWasNotTrainedWith() {
    publish(HASH);

    assertThatThrownBy(() -> ModelFiles.read(context.artefacts().open("models/test/1")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("was trained with the tokenizer of SHA-256 " + HASH)
        .hasMessageContaining("holds one of SHA-256 " + tokenizerHash());
  }

  @Test
  void refusesADamagedBundle() throws Exception {
    publish(tokenizerHash());
    Path network = root.resolve("models/test/1/model.zip");
    byte[] bytes = Files.readAllBytes(network);
    bytes[bytes.length / 2] ^= 1;
    Files.write(network, bytes);
    Files.deleteIfExists(network.resolveSibling(".model.zip.crc"));

    assertThatThrownBy(() -> ModelFiles.read(context.artefacts().open("models/test/1")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("model.zip' is damaged");
  }

  private ModelFiles files() {
    publish(tokenizerHash());
    return ModelFiles.read(context.artefacts().open("models/test/1"));
  }

  private static String tokenizerHash() {
    return io.attune.pipeline.text.SubwordTokenizer.of(TestTokenizer.json()).sha256();
  }

  private void publish(String tokenizerHash) {
    publish(tokenizerHash, model(ModelConfig.Kind.SELF_ATTENTION));
  }

  private void publish(String tokenizerHash, ModelConfig model) {
    UpdaterConfig updater = new UpdaterConfig(UpdaterConfig.Kind.ADAM, 1e-3, 0.9, 0.999, 1e-8, 0);
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(
                model, updater, new Networks.Task(TestTokenizer.WORDS.size(), 32, LABELS, 4)));
    network.init();
    new Candidate(
            ModelParts.of(network),
            TestTokenizer.json(),
            LABELS,
            32,
            "task: test\n",
            record(),
            "# A model\n")
        .publish(
            context.storage(),
            "models/test/1",
            context.recorder().record("train", Map.of(Candidate.TOKENIZER_INPUT, tokenizerHash)));
  }

  private static ModelConfig model(ModelConfig.Kind kind) {
    return ModelConfig.builder(kind)
        .heads(2)
        .width(8)
        .feedForward(16)
        .activation(FeedForwardActivation.RELU)
        .build();
  }

  private static TrainingRecord record() {
    return TrainingRecord.builder().workers(1).epochs(1).bestEpoch(1).parameters(1).build();
  }

  private static List<String> texts(int count) {
    Random random = new Random(8);
    List<String> texts = new ArrayList<>();
    for (int text = 0; text < count; text++) {
      List<String> words = new ArrayList<>();
      for (int word = 0; word <= random.nextInt(30); word++) {
        words.add(TestTokenizer.WORDS.get(2 + random.nextInt(TestTokenizer.WORDS.size() - 2)));
      }
      texts.add(String.join(" ", words));
    }
    return texts;
  }
}
