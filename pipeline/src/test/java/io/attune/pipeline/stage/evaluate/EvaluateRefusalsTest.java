package io.attune.pipeline.stage.evaluate;

import static io.attune.pipeline.stage.evaluate.EvaluationNight.CONFIG;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.ROWS;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.candidateAndCurrent;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.night;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.BaselineConfig;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.SliceConfig;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.Evaluation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateRefusalsTest {
  @Test
  void refusesToRunTwiceOnOneNight(@TempDir Path root) {
    StageContext night = night(root, ROWS);
    Evaluate.run(night, CONFIG, candidateAndCurrent(), Map.of());

    assertThatThrownBy(() -> Evaluate.run(night, CONFIG, candidateAndCurrent(), Map.of()))
        .isInstanceOf(Failure.AlreadyPublished.class);
  }

  @Test
  void publishesNothingWhereDocumentsAreGone(@TempDir Path root) {
    StageContext torn = night(root, ROWS.subList(0, 9), ROWS);

    assertThatThrownBy(() -> Evaluate.run(torn, CONFIG, candidateAndCurrent(), Map.of()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has 6 rows to measure")
        .hasMessageContaining("run the night again from tokenize");
    assertThat(torn.storage().exists(TestNight.RUN.evaluation())).isFalse();
  }

  @Test
  void refusesADatasetWithoutTestRows(@TempDir Path root) {
    StageContext untested = night(root, ROWS.subList(0, 5));

    assertThatThrownBy(() -> Evaluate.run(untested, CONFIG, candidateAndCurrent(), Map.of()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("4 training and 0 test rows");
  }

  @Test
  void refusesAModelThatAnswersWithSomethingElseThanNumbers(@TempDir Path root) {
    StageContext night = night(root, ROWS);
    Map<String, TextModel> models = candidateAndCurrent();
    models.put(Evaluation.CANDIDATE, new EvaluationNight.WordModel("rise", Float.NaN, true));

    Throwable thrown = catchThrowable(() -> Evaluate.run(night, CONFIG, models, Map.of()));

    assertThat(Failure.in(thrown))
        .get()
        .asInstanceOf(type(Failure.BadInput.class))
        .satisfies(
            failure ->
                assertThat(failure)
                    .hasMessageContaining("The model 'candidate' gives document '")
                    .hasMessageContaining("the probability NaN for the class 'down' of 'mood'")
                    .hasMessageContaining("train again with a smaller updater.learning-rate"));
    assertThat(night.storage().exists(TestNight.RUN.evaluation())).isFalse();
  }

  @Test
  void refusesConfigurationOutOfRange() {
    assertThatThrownBy(() -> new EvaluateConfig(0, 200, 7, 2, CONFIG.slices(), CONFIG.baseline()))
        .hasMessage("batch-rows must be at least 1, got 0");
    assertThatThrownBy(() -> new SliceConfig(0, 1))
        .hasMessage("max-values must be in 1..200, got 0");
    assertThatThrownBy(() -> new SliceConfig(1, 1, List.of("source")))
        .hasMessageStartingWith("columns are sliced by beside [corpus, source,");
    assertThatThrownBy(() -> new BaselineConfig(1 << 12, 1, 1000, 0, 100, 1000))
        .hasMessage("inverse-regularization must be above 0, got 0.0");
  }

  @Test
  void refusesLabelsThatWereChangedByHand(@TempDir Path root) throws IOException {
    StageContext night = night(root, ROWS);
    Path file = root.resolve(TestNight.RUN.dataset()).resolve("labels.json");
    byte[] published = Files.readAllBytes(file);
    String changed = new String(published, StandardCharsets.UTF_8).replace("\"up\"", "\"op\"");
    Files.delete(file.resolveSibling(".labels.json.crc"));
    Files.writeString(file, changed);

    assertThatThrownBy(() -> Evaluate.run(night, CONFIG))
        .asInstanceOf(type(Failure.BadInput.class))
        .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(3))
        .satisfies(
            failure ->
                assertThat(failure)
                    .hasMessageContaining("/labels.json' is damaged")
                    .hasMessageContaining("SHA-256 " + Sha256.of(published))
                    .hasMessageContaining(
                        "found %d bytes with %s"
                            .formatted(
                                published.length,
                                Sha256.of(changed.getBytes(StandardCharsets.UTF_8))))
                    .hasMessageContaining("restore it from a copy, or remove")
                    .hasMessageContaining("run its stage again"));
    assertThat(night.storage().exists(TestNight.RUN.evaluation())).isFalse();
  }

  @Test
  void refusesATestShardThatWasChangedByHand(@TempDir Path root) throws IOException {
    StageContext night = night(root, ROWS);
    Path file = root.resolve(TestNight.RUN.dataset()).resolve("shards/test-00000.parquet");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, bytes);

    assertThatThrownBy(() -> Evaluate.run(night, CONFIG, candidateAndCurrent(), Map.of()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is damaged: its manifest says " + bytes.length + " bytes")
        .hasMessageContaining("found " + bytes.length + " bytes with " + Sha256.of(bytes));
  }
}
