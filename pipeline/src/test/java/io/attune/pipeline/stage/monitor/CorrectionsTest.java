package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.monitor.Corrections.Corrected;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectionsTest {
  private static final String MODEL = TestNight.RUN.id();
  private static final MoodHeads HEADS =
      new MoodHeads(Optional.of("mood"), List.of("bad"), Optional.empty(), "");

  @Test
  void takesTheErrorsOfTheModelOutOfAShare(@TempDir Path root) {
    Optional<Corrected> corrected = corrections(root, "training").correct(MODEL, 1000, 300);

    // 80 of 100 negative and 10 of 100 other texts are called negative.
    assertThat(corrected.orElseThrow().share()).isCloseTo((0.3 - 0.1) / (0.8 - 0.1), within(1e-9));
  }

  @Test
  void knowsNoErrorsOfAModelWhoseTestAnswersWereCorrected(@TempDir Path root) {
    assertThat(corrections(root, Evaluation.ESTIMATED).correct(MODEL, 1000, 300)).isEmpty();
  }

  private static Corrections corrections(Path root, String prior) {
    StageContext night = TestNight.in(root);
    Evaluation evaluation =
        new Evaluation(
                List.of(
                    HeadResult.builder("candidate", "test", "mood", 200)
                        .accuracy(0.85)
                        .perClass(
                            List.of(
                                new ClassResult("bad", 100, 0, 0, 0),
                                new ClassResult("good", 100, 0, 0, 0)))
                        .confusion(List.of(List.of(80L, 20L), List.of(10L, 90L)))
                        .build()),
                List.of(),
                List.of())
            .withPriors(
                List.of(new PriorShiftResult("candidate", "mood", 200, List.of(), 0.5, 0.8, 0.9)),
                prior);
    night
        .artefacts()
        .publish(
            TestNight.RUN.evaluation(),
            night.recorder().record("evaluate", Map.of()),
            staging -> {
              staging.write(Evaluation.FILE_NAME, Json.pretty(evaluation));
              return Map.of();
            });
    return Corrections.of(
        night.inputs(Stage.MONITOR),
        night.artefacts(),
        HEADS,
        List.of(new Corrections.Version(MODEL, TestNight.RUN)));
  }
}
