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
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.Evaluation.Learned;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
  private static final GateConfig GATE =
      new GateConfig(
          "all", "0.3", 1, Demand.NOT_WORSE, Floor.NOT_BELOW, 0.025, new Veto(0.025, 0), 1000, 7);
  private static final Interval ANY = new Interval(0, 1);

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
    StageContext night = night(root, ROWS, "2026-01-01.1");

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
    StageContext night = night(root, ROWS, "2026-01-01.1");
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
    List<String[]> first = new ArrayList<>();
    for (int times = 0; times < 5; times++) {
      ROWS.forEach(row -> first.add(row.clone()));
    }
    first.forEach(row -> row[3] = null);
    StageContext night = night(root, first, null);

    Compare.run(night, GATE);

    VerdictRecord verdict = verdict(night);
    assertThat(verdict.decision()).isEqualTo("promote");
    assertThat(verdict.current()).isNull();
    assertThat(verdict.tests()).isEmpty();
    assertThat(verdict.reasons())
        .anyMatch(reason -> reason.contains("beats always answering the most frequent class"));
  }

  @Test
  void cannotTellWhereTheCurrentModelHasLearnedFromNearlyAllTestRows(@TempDir Path root) {
    List<String[]> learned = ROWS.stream().map(row -> row.clone()).toList();
    learned.forEach(row -> row[3] = null);
    StageContext night =
        night(root, learned, null, List.of(new Learned("current", "2026-01-01.1", "mood", 4L)));

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
    StageContext night = night(root, ROWS, "2026-01-01.1");
    LabelSets known = new LabelSets(List.of(new LabelSets.Head("mood", List.of("up", "else"))));
    night
        .artefacts()
        .publish(
            "models/test/2026-01-01.1",
            night.recorder().record("train", Map.of()),
            staging -> {
              staging.write(ModelBundle.LABELS, Json.pretty(known));
              return Map.of();
            });

    Compare.run(night, GATE);

    assertThat(verdict(night).tests()).extracting("rows").containsExactly(2L, 2L);
    assertThat(verdict(night).reasons())
        .anyMatch(r -> r.startsWith("On 'mood' the current model does not know 'down': it is"));
  }

  @Test
  void saysThatItIsNotKnownWhatTheCurrentModelHasLearnedFrom(@TempDir Path root) {
    StageContext night =
        night(
            root,
            ROWS,
            "2026-01-01.1",
            List.of(new Learned("current", "2026-01-01.1", "mood", null)));

    Compare.run(night, GATE);

    assertThat(verdict(night).decision()).isEqualTo("promote");
    assertThat(verdict(night).reasons())
        .anyMatch(
            r -> r.startsWith("It is not known which documents 2026-01-01.1 has learned from"));
  }

  @Test
  void saysHowFarTheModelIsFromTheAnchor(@TempDir Path root) {
    StageContext night = night(root, ROWS, "2026-01-01.1");
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
  void keepsOutAModelWhoseBundleIsTooLarge(@TempDir Path root) {
    StageContext night = night(root, ROWS, "2026-01-01.1");
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
    StageContext night = night(root, ROWS, "2026-01-01.1");

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
    StageContext night = night(root, ROWS, "2026-01-01.1");
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

  private static StageContext night(Path root, List<String[]> rows, String current) {
    return night(root, rows, current, List.of());
  }

  private static StageContext night(
      Path root, List<String[]> rows, String current, List<Learned> learned) {
    StageContext night = TestNight.in(root);
    List<HeadResult> results = new ArrayList<>();
    results.add(result("candidate", "2026-01-02.1", List.of(List.of(9L, 1L), List.of(0L, 10L))));
    results.add(result("baseline", null, List.of(List.of(1L, 1L), List.of(0L, 2L))));
    results.add(result("majority", null, List.of(List.of(0L, 10L), List.of(0L, 10L))));
    if (current != null) {
      results.add(result("current", current, List.of(List.of(2L, 0L), List.of(1L, 1L))));
    }
    List<Row> predictions =
        rows.stream()
            .map(row -> RowFactory.create(row[0], "mood", row[1], row[2], row[3], row[4]))
            .toList();
    StructType schema = new StructType();
    for (String column : List.of("split", "head", "label", "candidate", "current", "baseline")) {
      schema = schema.add(column, DataTypes.StringType);
    }
    var table = TestNight.spark().createDataFrame(predictions, schema);
    night
        .artefacts()
        .publish(
            TestNight.RUN.evaluation(),
            night.recorder().record("evaluate", Map.of()),
            staging -> {
              table.write().parquet(staging.resolve("predictions").toString());
              Evaluation evaluation = new Evaluation(results, List.of(), List.of());
              staging.write(
                  Evaluation.FILE_NAME, Json.pretty(evaluation.withLearned(results, learned)));
              return Map.of();
            });
    return night;
  }

  private static HeadResult result(String model, String version, List<List<Long>> confusion) {
    return HeadResult.builder(model, Split.TEST.word(), "mood", 4)
        .version(version)
        .accuracyInterval(ANY)
        .macroF1Interval(ANY)
        .perClass(List.of(new ClassResult("down", 2, 0, 0, 0), new ClassResult("up", 2, 0, 0, 0)))
        .confusion(confusion)
        .build();
  }
}
