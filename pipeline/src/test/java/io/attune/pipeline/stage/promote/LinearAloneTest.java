package io.attune.pipeline.stage.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.pipeline.calibration.Temperature;
import io.attune.pipeline.linear.CountedText;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.VerdictRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promotes the linear part of a model without its network. */
class LinearAloneTest {
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("topic", List.of("finance", "phones")),
              new Head("mood", List.of("bad", "good"))));
  private static final List<String> TEXTS = List.of("the bank is bad", "a phone", "");
  private static final String HEADLINE = "2026-01-02.1-linear goes into use.";

  private static LinearModel linear;

  @TempDir Path root;
  private StageContext night;

  @BeforeAll
  static void trainOnce() {
    linear =
        LinearModel.fit(
            JavaSparkContext.fromSparkContext(TestNight.spark().sparkContext())
                .parallelize(
                    List.of(
                        CountedText.of("a", new int[] {0, 1}, "the bank is good"),
                        CountedText.of("b", new int[] {1, 0}, "the phone is bad"))),
            LABELS,
            new LinearConfig(10, 1, 1000, 1000));
  }

  @BeforeEach
  void publishTheNight() {
    night = TestNight.in(root);
    publishModel();
    VerdictRecord verdict =
        new VerdictRecord(
            VerdictRecord.PROMOTE_LINEAR_PART,
            TestNight.RUN.id(),
            null,
            List.of("It is better alone."),
            List.of(),
            HEADLINE,
            TestNight.RUN.linearVersion(),
            List.of(),
            null);
    TestVerdicts.publish(night, verdict);
  }

  @Test
  void publishesTheLinearPartAsAModelAndPointsToIt() {
    assertThat(Promote.run(night).summary()).isEqualTo("promoted 2026-01-02.1-linear");

    assertThat(current()).contains("2026-01-02.1-linear");
    assertThat(CurrentModel.of(night.storage(), "test").history().get(0).reason())
        .isEqualTo("promoted by its verdict: " + HEADLINE);
    ModelFiles files = ModelFiles.read(night.artefacts().open(TestNight.RUN.linearModel()));
    float[][][] answers = Classifier.shared(files).probabilities(TEXTS);
    float[][][] raw = linear.probabilities(TEXTS);
    for (int text = 0; text < raw.length; text++) {
      assertThat(answers[text][0]).isEqualTo(Temperature.scale(raw[text][0], 0.5));
      assertThat(answers[text][1]).isEqualTo(raw[text][1]);
    }
    assertThat(night.storage().exists(TestNight.RUN.linearModel() + "/model.zip")).isFalse();
    assertThat(
            new String(
                night.storage().read(TestNight.RUN.linearModel() + "/card.md"),
                StandardCharsets.UTF_8))
        .contains("## In use\n" + HEADLINE, "The linear part of the model `2026-01-02.1`");
    assertThat(night.artefacts().verify(TestNight.RUN.linearModel()).provenance().inputs())
        .containsKeys("tokenizer", "model/linear.bin");
  }

  @Test
  void doesNothingTheSecondTimeAndContinuesWhereTheProcessEnded() throws IOException {
    Promote.run(night);
    assertThat(Promote.run(night).summary())
        .isEqualTo("2026-01-02.1-linear is the current model already");

    Files.delete(root.resolve("models/test/current"));
    assertThat(Promote.run(night).summary()).isEqualTo("promoted 2026-01-02.1-linear");
  }

  @Test
  void promotesNoPartOfADamagedModel() throws IOException {
    Path file = root.resolve(TestNight.RUN.model()).resolve("linear.bin");
    Files.deleteIfExists(file.resolveSibling(".linear.bin.crc"));
    Files.write(file, new byte[] {1, 2, 3});

    assertThatThrownBy(() -> Promote.run(night))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is damaged");
    assertThat(current()).isEmpty();
  }

  private Optional<String> current() {
    return CurrentModel.of(night.storage(), "test").version();
  }

  private void publishModel() {
    byte[] tokenizer = TestTokenizer.json();
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(
                ModelConfig.builder(ModelConfig.Kind.ATTENTION_POOLING).heads(2).width(8).build(),
                new UpdaterConfig(UpdaterConfig.Kind.ADAM, 1e-3, 0.9, 0.999, 1e-8, 0),
                new Networks.Task(TestTokenizer.WORDS.size(), 16, LABELS, 4)));
    network.init();
    new Candidate(
            ModelParts.of(network)
                .with(
                    linear,
                    List.of(
                        new HeadWeights("topic", 0.5, 0.5, 9, 0.5, 0.4, 0.3)
                            .withLinearTemperature(0.5),
                        new HeadWeights("mood", 1, 0, 0, null, null, null))),
            tokenizer,
            LABELS,
            16,
            "task: test\n",
            TrainingRecord.builder().build(),
            "# A model\n")
        .publish(
            night.storage(),
            TestNight.RUN.model(),
            night
                .recorder()
                .record("train", Map.of(Candidate.TOKENIZER_INPUT, Sha256.of(tokenizer))));
  }
}
