package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.scoring.PublishedModels;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.Advice.HeadDrift;
import io.attune.schemas.report.Advice.Reason;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.table.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;

/** Two nights after a model: one like its test split, one that is not and brings labels. */
class AdviceTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final LocalDate SECOND = FIRST.plusDays(1);
  private static final String FORMULA = "=HYPERLINK(\"http://evil.example\"), banks";

  @TempDir private static Path root;

  private static StageResult quiet;
  private static StageResult changed;
  private static StageContext night;

  @BeforeAll
  static void runTheNights() {
    new MoodNights(root, FIRST.minusDays(1))
        .add(FIRST.minusDays(2), true, labelled("the model has learned from it"))
        .write();
    MoodNights first = new MoodNights(root, FIRST);
    PublishedModels.promote(first.context(), MoodNights.MODEL);
    evaluation(first.context(), 300);
    for (int back = 20; back >= 1; back--) {
      first.day(FIRST.minusDays(back), 12, 4);
    }
    first.add(
        FIRST.minusDays(90), true, Map.of(Documents.TITLE, "far too old", "cluster", "old story"));
    text(first, FORMULA, Map.of(Documents.SOURCE, "Tape", "ticker", "NVL"));
    text(first, "Harvest of wheat was better than in all years before", Map.of());
    text(first, "Harvest of wheat was better than in all years before", Map.of());
    first.write();
    quiet = Monitor.run(first.context(), MoodNights.CONFIG);

    MoodNights second = new MoodNights(root, SECOND);
    night = second.context();
    for (int i = 0; i < 300; i++) {
      second.add(FIRST, i % 5 != 0, labelled("labelled " + i));
    }
    second.write();
    changed = Monitor.run(night, MoodNights.CONFIG);
  }

  @Test
  void aNightLikeTheTestSplitAsksForNothing() {
    Advice advice = advice(FIRST);

    assertThat(advice.verdict()).isEqualTo(Advice.NONE);
    assertThat(quiet.summary()).doesNotContain("advice");
    assertThat(advice.window())
        .isEqualTo(new Advice.Window("2025-12-06", "2026-01-02", 20 * 12 + 3, 20 * 12 + 3));
    assertThat(advice.model())
        .isEqualTo(new Advice.Model(MoodNights.MODEL, "2026-01-01", 1, 1, 0, 0));
    HeadDrift mood = advice.drift().get(1);
    assertThat(mood.head()).isEqualTo("mood");
    assertThat(mood.level()).isEqualTo(HeadDrift.SAME);
    assertThat(mood.testRows()).isEqualTo(300);
    assertThat(mood.testConfidence())
        .isCloseTo(100 / 300.0 * 0.9 + 200 / 300.0 * 0.7, within(1e-6));
  }

  @Test
  void answersUnlikeTheTestSplitAndNewLabelsAskForATraining() {
    Advice advice = advice(SECOND);

    assertThat(advice.verdict()).isEqualTo(Advice.TRAIN_AGAIN);
    assertThat(changed.summary()).endsWith("; advice: train again");
    assertThat(advice.model().waiting()).isEqualTo(300);
    assertThat(advice.model().learned()).isEqualTo(1);
    HeadDrift mood = advice.drift().get(1);
    assertThat(mood.level()).isEqualTo(HeadDrift.MUCH_CHANGED);
    assertThat(mood.most()).isEqualTo("negative");
    assertThat(mood.mostNow()).isCloseTo((80 + 240) / 543.0, within(1e-9));
    assertThat(mood.mostTest()).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(advice.reasons())
        .filteredOn(Reason::counts)
        .extracting(Reason::sign)
        .containsExactly("drift", "drift", "labels");
  }

  @Test
  void requestsAreUncertainUnlikeEachOtherAndNoCopies() {
    Advice advice = advice(FIRST);

    assertThat(quiet.counts()).containsEntry("requests", (long) advice.requests().size());
    List<Advice.Request> odd =
        advice.requests().subList(0, 3).stream()
            .filter(request -> !request.text().startsWith("good news"))
            .toList();
    assertThat(odd)
        .extracting(request -> request.text().substring(0, 7))
        .containsExactlyInAnyOrder("=HYPERL", "Harvest");
    assertThat(odd.get(0).answer("mood"))
        .contains(new Advice.Guess("mood", "neutral", (double) 0.7f, "negative", (double) 0.2f));
    assertThat(advice.requests()).extracting(Advice.Request::id).doesNotHaveDuplicates();
  }

  @Test
  void theTableOfRequestsCanBeFilledInAndExecutesNothing() {
    List<String> lines =
        new String(published(FIRST).bytes(Advice.REQUESTS), StandardCharsets.UTF_8)
            .lines()
            .toList();

    assertThat(lines.get(0))
        .isEqualTo(
            "id,source,published,language,title,text,ticker,topic,label,topic_predicted,"
                + "topic_probability,topic_runner_up,topic_runner_up_probability,mood_predicted,"
                + "mood_probability,mood_runner_up,mood_runner_up_probability");
    assertThat(lines)
        .filteredOn(line -> line.contains("HYPERLINK"))
        .singleElement()
        .asString()
        .contains(
            ",Tape,2026-01-02T12:",
            ",\"'=HYPERLINK(\"\"http://evil.example\"\"), banks\",",
            ",NVL,,,finance,1.0,,0.0,neutral,0.7,negative,0.2");
  }

  @Test
  void theSameTextsAreAskedForUntilTheyHaveLabels() {
    MoodNights third = new MoodNights(root, SECOND.plusDays(1));

    Advice later = advised(third);

    assertThat(later.requests()).isEqualTo(advice(SECOND).requests());
    assertThat(later.drift()).isEqualTo(advice(SECOND).drift());
  }

  @Test
  void withoutAModelThereIsNothingToAdviseOn(@TempDir Path other) {
    MoodNights alone = new MoodNights(other, FIRST);

    Monitor.run(alone.context(), MoodNights.CONFIG);

    assertThat(advice(alone.context()).verdict()).isEqualTo(Advice.NONE);
    assertThat(advice(alone.context()).reasons())
        .extracting(Reason::text)
        .containsExactly("No model is in use yet, so there is nothing to advise on.");
    assertThat(advice(alone.context()).requests()).isEmpty();
  }

  @Test
  void withoutTheEvaluationOrAnUnlabelledDocumentItSaysWhatIsMissing(@TempDir Path other) {
    MoodNights alone = new MoodNights(other, FIRST);
    PublishedModels.promote(alone.context(), MoodNights.MODEL);
    assertThat(advised(alone).reasons())
        .extracting(Reason::text)
        .containsExactly("No document has been scored yet, so nothing can be compared.");

    MoodNights labelled = new MoodNights(other, SECOND);
    labelled.add(FIRST, true, labelled("all have labels"));
    labelled.write();
    Advice advice = advised(labelled);

    assertThat(advice.verdict()).isEqualTo(Advice.NONE);
    assertThat(advice.reasons().get(0).text())
        .startsWith("The evaluation of 2026-01-01.1 is not there");
    assertThat(advice.requests()).isEmpty();
    assertThat(published(labelled.context()).bytes(Advice.REQUESTS)).isNotEmpty();
  }

  @Test
  void damagedPredictionsAreNamed(@TempDir Path other) throws IOException {
    MoodNights alone = new MoodNights(other, FIRST);
    PublishedModels.promote(alone.context(), MoodNights.MODEL);
    evaluation(alone.context(), 10);
    alone.day(FIRST, 12, 4).write();
    Path folder = other.resolve("runs/test/2026-01-01.1/evaluation/predictions");
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.filter(name -> name.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Files.write(file, new byte[] {1, 2, 3});

    assertThatThrownBy(() -> Monitor.run(alone.context(), MoodNights.CONFIG))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining(file.getFileName().toString());
  }

  private static Map<String, ?> labelled(String title) {
    return Map.of(
        Documents.TITLE,
        title,
        Documents.LABELS,
        JavaConverters.mapAsScalaMap(Map.of("mood", "negative")));
  }

  /** Adds a document that the model is unsure about, with nothing but a text and fields. */
  private static void text(MoodNights night, String text, Map<String, String> fields) {
    Map<String, Object> all = new HashMap<>(fields);
    all.put(Documents.TITLE, text);
    all.put(Documents.TEXT, "");
    night.add(FIRST, false, all);
  }

  /** Publishes what the model answered to its test split: a third of moods are negative. */
  private static void evaluation(StageContext context, int rows) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("split", DataTypes.StringType)
            .add("head", DataTypes.StringType)
            .add("candidate", DataTypes.StringType)
            .add("candidate_probability", DataTypes.FloatType);
    List<Row> predictions = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      boolean isNegative = i % 3 == 0;
      String id = "t" + i;
      predictions.add(
          RowFactory.create(
              id, "test", "mood", isNegative ? "negative" : "neutral", isNegative ? 0.9f : 0.7f));
      predictions.add(
          RowFactory.create(id, "test", "topic", i % 2 == 0 ? "finance" : "phones", 1f));
      predictions.add(RowFactory.create(id, "validation", "mood", "positive", 0.4f));
    }
    Run trained = Run.parse("test", MoodNights.MODEL);
    context
        .artefacts()
        .publish(
            trained.evaluation(),
            context.recorder().record("evaluate", Map.of()),
            staging -> {
              staging.write(
                  Evaluation.FILE_NAME,
                  Json.pretty(new Evaluation(List.of(), List.of(), List.of())));
              TestNight.spark()
                  .createDataFrame(predictions, schema)
                  .coalesce(1)
                  .write()
                  .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                  .parquet(staging.resolve(Evaluation.PREDICTIONS).toString());
              return Map.of();
            });
  }

  private static Advice advised(MoodNights nights) {
    Monitor.run(nights.context(), MoodNights.CONFIG);
    return advice(nights.context());
  }

  private static Artefact published(LocalDate date) {
    return night.artefacts().open(new Run("test", date, 1).advice());
  }

  private static Artefact published(StageContext context) {
    return context.artefacts().open(context.run().advice());
  }

  private static Advice advice(LocalDate date) {
    return published(date).json(Advice.FILE_NAME, Advice.class);
  }

  private static Advice advice(StageContext context) {
    return published(context).json(Advice.FILE_NAME, Advice.class);
  }
}
