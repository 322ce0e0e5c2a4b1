package io.attune.pipeline.stage.evaluate;

import static io.attune.pipeline.stage.evaluate.EvaluationNight.CONFIG;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.LABELS;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.ROWS;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.candidateAndCurrent;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.night;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.calibration.PriorShift;
import io.attune.pipeline.metric.ClassCounts;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.shard.ShardIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSharesTest {
  private static final String EARLIER = "2026-01-01.1";

  @Test
  void correctsThePublishedModelFromTheSharesOfItsOwnRun(@TempDir Path root) {
    StageContext night = night(root, ROWS);
    publishDataset(night, Map.of("up", 90L, "down", 10L));
    EvaluateConfig estimated =
        new EvaluateConfig(
            2, 200, 7, 2, CONFIG.slices(), CONFIG.baseline(), EvaluateConfig.Prior.ESTIMATED, 0);

    Evaluate.run(
        night,
        estimated,
        candidateAndCurrent(),
        Map.of(Evaluation.CANDIDATE, TestNight.RUN.id(), Evaluation.CURRENT, EARLIER));

    double[] training = {0.1, 0.9};
    float[] sure = {0.4f, 0.6f}; // for the two texts with "profits"
    List<float[]> answers = new ArrayList<>(Collections.nCopies(2, sure));
    answers.addAll(Collections.nCopies(3, new float[] {0.6f, 0.4f}));
    double[] shares = PriorShift.estimate(answers, training).shares();
    Row row =
        TestNight.spark()
            .read()
            .parquet(
                night.storage().resolve(TestNight.RUN.evaluation() + "/predictions").toString())
            .where("id = 'f' and head = 'mood'")
            .first();
    assertThat((double) row.<Float>getAs("current_label_probability"))
        .isCloseTo(PriorShift.correct(sure, training, shares)[1], within(1e-5));
  }

  @Test
  void readsTheSharesOfTonightsClassesFromTheDatasetOfTheRun(@TempDir Path root) {
    StageContext night = TestNight.in(root);
    publishDataset(night, Map.of("up", 30L, "down", 10L, "gone", 60L));

    TrainingShares shares = tonight().with(night, LABELS, Map.of(Evaluation.ANCHOR, EARLIER));

    assertThat(shares.of(Evaluation.ANCHOR, "mood")).contains(new double[] {0.25, 0.75});
    assertThat(shares.of(Evaluation.ANCHOR, "kind")).isEmpty();
    assertThat(shares.of(Evaluation.CANDIDATE, "mood")).contains(new double[] {0, 1});
    assertThat(shares.of(Evaluation.BASELINE, "mood")).contains(new double[] {0, 1});
    assertThat(shares.of(Evaluation.CURRENT, "mood")).isEmpty();
  }

  @Test
  void saysThatTheSharesOfAModelAreNotKnown(@TempDir Path root) {
    List<String> warnings = new ArrayList<>();
    StageContext night = TestNight.listening(root, warnings);

    TrainingShares shares = tonight().with(night, LABELS, Map.of(Evaluation.CURRENT, EARLIER));

    assertThat(shares.of(Evaluation.CURRENT, "mood")).isEmpty();
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(
            "the answers of model 2026-01-01.1 are not corrected for other shares of the classes"
                + " (evaluate.prior), since those that it was trained with are not known: ")
        .contains("datasets/test/2026-01-01.1");
  }

  private static TrainingShares tonight() {
    ClassCounts mood = new ClassCounts(2);
    mood.add(1);
    return TrainingShares.of(LABELS, List.of(mood, new ClassCounts(2)));
  }

  private static void publishDataset(StageContext night, Map<String, Long> mood) {
    ShardIndex index =
        new ShardIndex(
            ShardIndex.VERSION,
            "",
            10,
            10,
            0,
            List.of(),
            Map.of("train", Map.of("mood", mood), "test", Map.of("mood", Map.of("up", 1L))));
    night
        .artefacts()
        .publish(
            Run.ofVersion(TestNight.RUN.task(), EARLIER).dataset(),
            night.recorder().record("shard", Map.of()),
            staging -> {
              staging.write(ShardIndex.FILE_NAME, Json.pretty(index));
              return Map.of();
            });
  }
}
