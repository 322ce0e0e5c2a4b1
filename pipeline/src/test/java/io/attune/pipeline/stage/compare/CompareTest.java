package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.storage.AnchorModel;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.report.Evaluation.Learned;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.shard.ShardIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
  private static final GateConfig GATE =
      new GateConfig(
          "all", "0.3", 1, Demand.NOT_WORSE, Floor.NOT_BELOW, 0.025, new Veto(0.025, 0), 1000, 7);

  /** Lists split, label, candidate, current and baseline of each row. */
  private static final List<String[]> ROWS =
      List.of(
          new String[] {"test", "up", "up", "up", "up"},
          new String[] {"test", "up", "up", "down", "up"},
          new String[] {"test", "down", "down", "down", "up"},
          new String[] {"test", "down", "down", "down", "down"},
          new String[] {"test", null, "up", "up", "up"},
          new String[] {"validation", "up", "down", "up", "up"});

  @Test
  void publishesAVerdictFromLabelledTestRows(@TempDir Path root) {
    StageContext night = new TestEvaluations(ROWS, "2026-01-01.1").publish(root);

    StageResult result = Compare.run(night, GATE);

    VerdictRecord verdict = verdict(night);
    assertThat(verdict.decision()).isEqualTo("promote");
    assertThat(verdict.candidate()).isEqualTo("2026-01-02.1");
    assertThat(verdict.current()).isEqualTo("2026-01-01.1");
    assertThat(verdict.tests()).extracting("rows").containsExactly(4L, 4L);
    assertThat(verdict.tests().get(1).difference()).isEqualTo(0.25);
    assertThat(verdict.reasons()).anyMatch(reason -> reason.contains("the TF-IDF regression"));
    assertThat(verdict.inUse()).isEqualTo("2026-01-02.1");
    assertThat(verdict.baselines())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.baseline()).isEqualTo("tf-idf");
              assertThat(record.rows()).isEqualTo(4);
              assertThat(record.modelMacroF1()).isEqualTo(1);
            });
    assertThat(verdict.headline())
        .startsWith(
            "2026-01-02.1 goes into use in place of 2026-01-01.1: on 'mood' macro-F1 1.0000,"
                + " which");
    assertThat(result.summary()).isEqualTo("promote: " + verdict.headline());
    assertThat(night.artefacts().verify(TestNight.RUN.verdict()).provenance().inputs())
        .containsKey("evaluation");
  }

  @Test
  void repeatsWhatTheEncoderMakesDoubtful(@TempDir Path root) {
    StageContext night = new TestEvaluations(ROWS, "2026-01-01.1").publish(root);
    EncoderCard card = EncoderCard.builder("fin").vocabulary(9).maxTokens(9).build();
    RunEncoder used = new RunEncoder("fin", card, 0, List.of("It may have seen the test split."));
    night
        .artefacts()
        .publish(
            TestNight.RUN.dataset(),
            night.recorder().record("shard", Map.of()),
            staging -> {
              staging.write(ShardIndex.FILE_NAME, new byte[] {'{', '}'});
              staging.write(RunEncoder.FILE_NAME, Json.pretty(used));
              return Map.of();
            });

    Compare.run(night, GATE);

    assertThat(verdict(night).decision()).isEqualTo("promote");
    assertThat(verdict(night).reasons()).endsWith("It may have seen the test split.");
  }

  @Test
  void holdsTheFirstModelAgainstTheMajorityClass(@TempDir Path root) {
    List<String[]> first = withoutCurrent(5);
    StageContext night = new TestEvaluations(first, null).publish(root);

    Compare.run(night, GATE);

    VerdictRecord verdict = verdict(night);
    assertThat(verdict.decision()).isEqualTo("promote");
    assertThat(verdict.current()).isNull();
    assertThat(verdict.tests()).isEmpty();
    assertThat(verdict.reasons())
        .anyMatch(reason -> reason.contains("beats always answering the most frequent class"));
  }

  @Test
  void replacesACurrentModelThatKnowsNoClassOfTonight(@TempDir Path root) {
    StageContext night =
        new TestEvaluations(withoutCurrent(5), null, List.of(), Map.of("current", "2026-01-01.1"))
            .publish(root);
    TestEvaluations.publishClasses(night, "2026-01-01.1", "rising", "falling");

    Compare.run(night, GATE);

    VerdictRecord verdict = verdict(night);
    assertThat(verdict.decision()).isEqualTo("promote");
    assertThat(verdict.current()).isEqualTo("2026-01-01.1");
    assertThat(verdict.headline())
        .startsWith("2026-01-02.1 goes into use in place of 2026-01-01.1: on 'mood'");
    assertThat(verdict.reasons())
        .anyMatch(reason -> reason.contains("beats always answering the most frequent class"));
  }

  @Test
  void cannotTellWhereTheCurrentModelHasLearnedFromNearlyAllTestRows(@TempDir Path root) {
    List<String[]> learned = withoutCurrent(1);
    StageContext night =
        new TestEvaluations(
                learned,
                null,
                List.of(new Learned("current", "2026-01-01.1", "mood", 4L)),
                Map.of())
            .publish(root);

    Compare.run(night, GATE);

    VerdictRecord verdict = verdict(night);
    assertThat(verdict.decision()).isEqualTo("cannot-tell");
    assertThat(verdict.current()).isEqualTo("2026-01-01.1");
    assertThat(verdict.tests()).isEmpty();
    assertThat(verdict.headline()).startsWith("2026-01-01.1 stays in use");
    assertThat(verdict.reasons().get(0))
        .startsWith(
            "On 'mood' the current model was trained or validated on 4 of 4 test rows or on copies of"
                + " them, and 0 others are too few to compare it on (gate.min-rows.unseen is 100)");
  }

  @Test
  void comparesOnTheClassesThatTheCurrentModelKnows(@TempDir Path root) {
    StageContext night = new TestEvaluations(ROWS, "2026-01-01.1").publish(root);
    TestEvaluations.publishClasses(night, "2026-01-01.1", "up", "else");

    Compare.run(night, GATE);

    assertThat(verdict(night).tests()).extracting("rows").containsExactly(2L, 2L);
    assertThat(verdict(night).reasons())
        .anyMatch(r -> r.startsWith("On 'mood' the current model does not know 'down': it is"));
  }

  @Test
  void saysThatItIsNotKnownWhatTheCurrentModelHasLearnedFrom(@TempDir Path root) {
    StageContext night =
        new TestEvaluations(
                ROWS,
                "2026-01-01.1",
                List.of(new Learned("current", "2026-01-01.1", "mood", null)),
                Map.of())
            .publish(root);

    Compare.run(night, GATE);

    assertThat(verdict(night).decision()).isEqualTo("promote");
    assertThat(verdict(night).reasons())
        .anyMatch(
            r -> r.startsWith("It is not known which documents 2026-01-01.1 has learned from"));
  }

  @Test
  void saysHowFarTheModelIsFromTheAnchor(@TempDir Path root) {
    StageContext night = new TestEvaluations(ROWS, "2026-01-01.1").publish(root);
    AnchorModel.of(night.storage(), "test").pin("2026-01-01.1", "test", night.recorder().clock());

    Compare.run(night, GATE);

    assertThat(verdict(night).anchors())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.model()).isEqualTo("2026-01-02.1");
              assertThat(record.anchor()).isEqualTo("2026-01-01.1");
              assertThat(record.rows()).isEqualTo(4);
              assertThat(record.margin()).isCloseTo(0.45, within(1e-12));
              assertThat(record.modelMacroF1()).isEqualTo(1);
            });
  }

  @Test
  void saysThatTheAnchorHasLearnedFromAllTestRows(@TempDir Path root) {
    StageContext night =
        new TestEvaluations(
                ROWS,
                "2026-01-01.1",
                List.of(new Learned("anchor", "2025-12-31.1", "mood", 4L)),
                Map.of())
            .publish(root);

    Compare.run(night, GATE);

    assertThat(verdict(night).anchors()).isEmpty();
    assertThat(verdict(night).reasons())
        .anyMatch(
            r -> r.contains("is not held against the anchor 2025-12-31.1: only 0 of 4 test rows"));
  }

  @Test
  void keepsOutAModelWhoseBundleIsTooLarge(@TempDir Path root) {
    StageContext night = new TestEvaluations(ROWS, "2026-01-01.1").publish(root);
    night
        .artefacts()
        .publish(
            TestNight.RUN.model(),
            night.recorder().record("train", Map.of()),
            staging -> {
              staging.write("linear.bin", new byte[20_000]);
              return Map.of();
            });
    GateConfig small =
        new GateConfig(
            "all",
            "0.3",
            1,
            Demand.NOT_WORSE,
            Floor.NOT_BELOW,
            0.025,
            new Veto(0.025, 0),
            1000,
            7,
            GateConfig.MinRows.DEFAULT,
            List.of(),
            1.5,
            false,
            0.01,
            0);

    Compare.run(night, small);

    assertThat(verdict(night).decision()).isEqualTo("keep");
    assertThat(verdict(night).reasons().get(0))
        .isEqualTo("The published bundle has 0.02 MB, and gate.max-size-mb allows 0.01.");
    assertThat(verdict(night).headline())
        .startsWith("2026-01-01.1 stays in use")
        .endsWith(
            ": 2026-01-02.1 is kept out, since the published bundle has 0.02 MB, and"
                + " gate.max-size-mb allows 0.01.");
  }

  @Test
  void refusesAHeadThatTheTaskDoesNotHave(@TempDir Path root) {
    StageContext night = new TestEvaluations(ROWS, "2026-01-01.1").publish(root);

    assertThatThrownBy(
            () ->
                Compare.run(
                    night,
                    new GateConfig(
                        "modo",
                        "0.3",
                        1,
                        Demand.NOT_WORSE,
                        Floor.NOT_BELOW,
                        0.025,
                        new Veto(0.025, 0),
                        1000,
                        7)))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "gate.head is 'modo', and the test split has labels for [mood] only; name one of these,"
                + " or 'all'");
    assertThat(night.storage().exists(TestNight.RUN.verdict())).isFalse();
  }

  @Test
  void refusesAnEvaluationWithAFlippedByte(@TempDir Path root) throws IOException {
    StageContext night = new TestEvaluations(ROWS, "2026-01-01.1").publish(root);
    Path file = root.resolve(TestNight.RUN.evaluation()).resolve("evaluation.json");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.deleteIfExists(file.resolveSibling(".evaluation.json.crc"));
    Files.write(file, bytes);

    assertThatThrownBy(() -> Compare.run(night, GATE))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is damaged");
  }

  private static VerdictRecord verdict(StageContext night) {
    return night.storage().readJson(TestNight.RUN.verdict() + "/verdict.json", VerdictRecord.class);
  }

  /** Returns the rows several times, without answers of the current model. */
  private static List<String[]> withoutCurrent(int times) {
    List<String[]> rows = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      ROWS.forEach(row -> rows.add(row.clone()));
    }
    rows.forEach(row -> row[3] = null);
    return rows;
  }
}
