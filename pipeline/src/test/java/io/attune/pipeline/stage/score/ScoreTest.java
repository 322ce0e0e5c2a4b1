package io.attune.pipeline.stage.score;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.CleanRows;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.scoring.PublishedModels;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;

/** Tonight is 2026-01-02. */
class ScoreTest {
  private static final String TONIGHT = TestNight.RUN.id();
  private static final String FIRST = "2026-01-01.1";
  private static final String LONG = "good bad not bank is was very";
  private static final ScoreConfig CONFIG = new ScoreConfig(28, 2, 60);

  @TempDir Path root;
  private StageContext night;

  @BeforeEach
  void openRoot() {
    night = TestNight.in(root);
  }

  @Test
  void readsEveryDocumentLabelledOrNotAndKeepsWhatTheModelAnswers() {
    ModelFiles model = PublishedModels.promote(night, FIRST);
    documents(
        new CleanRows()
            .add("a", Map.of("text", "the bank is bad", "labels", labels()))
            .add("b", Map.of("text", LONG))
            .add("c", Map.of("title", "good", "text", "phone today")));

    StageResult result = Score.run(night, CONFIG);

    float[][][] answers =
        Classifier.shared(model)
            .probabilities(List.of("the bank is bad", LONG, "good\nphone today"));
    Map<String, Row> rows = rows();
    assertThat(rows.keySet())
        .containsExactly("a mood", "a topic", "b mood", "b topic", "c mood", "c topic");
    for (int i = 0; i < 3; i++) {
      Row mood = rows.get("abc".charAt(i) + " mood");
      Map<Object, Object> probabilities = mood.getJavaMap(mood.fieldIndex(Scores.PROBABILITIES));
      List<String> classes = List.of("negative", "neutral", "positive");
      assertThat(probabilities.keySet()).containsExactlyInAnyOrderElementsOf(classes);
      for (int c = 0; c < 3; c++) {
        assertThat((float) probabilities.get(classes.get(c)))
            .isCloseTo(answers[i][1][c], within(1e-6f))
            .isLessThanOrEqualTo((float) probabilities.get(mood.<String>getAs(Scores.LABEL)));
      }
      assertThat(mood.<String>getAs(Scores.MODEL)).isEqualTo(FIRST);
      assertThat(mood.<String>getAs(Scores.RUN)).isEqualTo(TONIGHT);
      assertThat(mood.<String>getAs(Scores.TEXT_HASH)).isEqualTo("hash of " + "abc".charAt(i));
      assertThat(mood.<Timestamp>getAs(Scores.SCORED_AT).toInstant())
          .isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    }
    assertThat(result.summary()).startsWith("3 documents by model 2026-01-01.1; mood: ");
    assertThat(result.counts()).containsEntry("documents", 3L);
  }

  @Test
  void doneTwiceIsDoneOnceAndWhatAKilledProcessLeftIsRemoved() throws IOException {
    PublishedModels.promote(night, FIRST);
    documents(new CleanRows().add("a", Map.of()).add("b", Map.of()));
    Path partition = root.resolve("tables/test/scores/data/run=" + TONIGHT);
    StageResult first = Score.run(night, CONFIG);
    long snapshot = night.tables().snapshot(Scores.SCHEMA);
    List<Path> files = files(partition);
    Files.writeString(partition.resolve("00000-1-of-a-killed-task.parquet"), "half of a file");

    StageResult again = Score.run(night, CONFIG);

    assertThat(night.tables().snapshot(Scores.SCHEMA)).isEqualTo(snapshot);
    assertThat(files(partition)).isEqualTo(files);
    assertThat(again.counts()).isEqualTo(first.counts());
    assertThat(again.summary())
        .startsWith("nothing new for model 2026-01-01.1, which has read 2 documents; ");
  }

  @Test
  void theTableDoesNotDependOnTheOrderOfDocumentsAndTheirPartitions(@TempDir Path other) {
    CleanRows rows = new CleanRows();
    List<String> words = List.of("good", "bad", "bank", "phone", "very", "not");
    for (int i = 0; i < 40; i++) {
      String text = String.join(" ", words.subList(i % 3, i % 3 + 1 + i % 4));
      rows.add("d" + i, Map.of("text", text));
    }
    PublishedModels.promote(night, FIRST);
    documents(rows);
    StageContext second = TestNight.in(other);
    PublishedModels.promote(second, FIRST);
    second.tables().replaceRun(CleanDocuments.SCHEMA, TONIGHT, rows.reversed(3));

    Score.run(night, CONFIG);
    Score.run(second, CONFIG);

    assertThat(table(second)).isEqualTo(table(night)).hasSize(80);
  }

  @Test
  void aNewModelReadsAgainTheLastDaysAndNothingOlder() {
    PublishedModels.promote(night, FIRST);
    documents(
        new CleanRows()
            .add("old", published("2025-12-04T23:59:59Z"))
            .add("recent", published("2025-12-05T00:00:00Z"))
            .add("undated", Map.of())
            .add("future", published("2027-01-01T00:00:00Z")));
    Score.run(night, CONFIG);
    PublishedModels.promote(night, "2026-01-02.1");
    StageContext next = on(night, LocalDate.of(2026, 1, 2), 2);
    next.tables()
        .replaceRun(
            CleanDocuments.SCHEMA,
            next.run().id(),
            new CleanRows()
                .add("late", with(published("2020-01-01T00:00:00Z"), Map.of("run", "2026-01-02.2")))
                .table());

    StageResult result = Score.run(next, CONFIG);

    assertThat(readBy("2026-01-02.1"))
        .containsExactlyInAnyOrder("recent", "undated", "future", "late");
    assertThat(readBy(FIRST)).containsExactlyInAnyOrder("old", "recent", "undated", "future");
    assertThat(result.summary()).startsWith("4 documents by model 2026-01-02.1; ");
    assertThat(Score.run(next, new ScoreConfig(0, 2, 60)).summary()).startsWith("nothing new for");
  }

  @Test
  void whatThereIsNoTimeForIsLeftForLaterOldDaysFirst() {
    PublishedModels.promote(night, FIRST);
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 1_100; i++) {
      rows.add("d" + i, published(i < 1_000 ? "2026-01-01T00:00:00Z" : "2025-01-01T00:00:00Z"));
    }
    documents(rows);
    ScoreConfig hurried = new ScoreConfig(28, 64, 1e-9);

    StageResult first = Score.run(night, hurried);

    assertThat(first.counts()).containsEntry("documents", 1_000L).containsEntry("left", 100L);
    assertThat(first.summary())
        .endsWith(
            "; 100 are left for later nights or 'attune score --all' (score.budget-minutes 1.0E-9)");
    assertThat(readBy(FIRST)).hasSize(1_000).doesNotContain("d1000", "d1099");

    StageResult second = Score.run(night, hurried);

    assertThat(second.counts()).containsEntry("documents", 1_100L).containsEntry("left", 0L);
    assertThat(readBy(FIRST)).hasSize(1_100).doesNotHaveDuplicates();
  }

  @Test
  void aWindowIsReadByTheModelThatIsCurrentWhicheverHasReadIt() {
    PublishedModels.promote(night, FIRST);
    documents(
        new CleanRows()
            .add("a", published("2024-05-01T00:00:00Z"))
            .add("b", published("2024-05-02T12:00:00Z"))
            .add("c", published("2024-05-03T00:00:00Z")));
    ScoreWindow second = new ScoreWindow(LocalDate.of(2024, 5, 2), LocalDate.of(2024, 5, 2));

    Score.run(night, CONFIG, second);
    assertThat(readBy(FIRST)).containsExactly("b");

    PublishedModels.promote(night, "2026-01-02.1");
    Score.run(night, CONFIG, ScoreWindow.since(LocalDate.of(2024, 5, 2)));
    assertThat(readBy("2026-01-02.1")).containsExactlyInAnyOrder("b", "c");

    Score.run(night, CONFIG, ScoreWindow.ALL);
    assertThat(readBy("2026-01-02.1")).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(readBy(FIRST)).containsExactly("b");
    assertThatThrownBy(() -> new ScoreWindow(LocalDate.of(2024, 5, 2), LocalDate.of(2024, 5, 1)))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage("--since 2024-05-02 comes after --until 2024-05-01; no day is in both");
  }

  @Test
  void aCorrectedTextIsReadAgainAndWhatOnlyEndsADocumentIsNot() {
    PublishedModels.promote(night, FIRST);
    documents(
        new CleanRows().add("a", Map.of("text", "good")).add("b", Map.of()).add("c", Map.of()));
    Score.run(night, CONFIG);
    StageContext next = on(night, LocalDate.of(2026, 1, 3), 1);
    String run = next.run().id();
    CleanRows rows =
        new CleanRows()
            .add(
                "a",
                Map.of("text", "bad", "text_hash", "another", "run", run, "replaces", earlier("a")))
            .add("b", Map.of("run", run, "labels", labels(), "replaces", earlier("b")));
    next.tables()
        .replaceRun(
            CleanDocuments.SCHEMA,
            run,
            rows.table()
                .unionByName(
                    new CleanRows()
                        .add("c", Map.of("run", run, "replaces", earlier("c")))
                        .table()
                        .withColumn("text", org.apache.spark.sql.functions.lit(null).cast("string"))
                        .withColumn(
                            "text_hash", org.apache.spark.sql.functions.lit(null).cast("string"))));

    Score.run(next, CONFIG);

    assertThat(next.tables().readRun(Scores.SCHEMA, run).where("head = 'mood'").collectAsList())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.<String>getAs(Scores.DOCUMENT_ID)).isEqualTo("a");
              assertThat(row.<String>getAs(Scores.TEXT_HASH)).isEqualTo("another");
            });
  }

  @Test
  void withoutAModelInUseOrADocumentNothingIsDone() {
    assertThat(Score.run(night, CONFIG).summary())
        .isEqualTo("no model is in use yet, so nothing was read");
    PublishedModels.promote(night, FIRST);
    assertThat(Score.run(night, CONFIG).summary()).isEqualTo("there is no document to read");
    assertThat(night.tables().exists(Scores.SCHEMA)).isFalse();
  }

  @Test
  void aModelThatIsReplacedMeanwhileReadsToTheEnd() {
    PublishedModels.promote(night, FIRST);
    documents(new CleanRows().add("a", Map.of()).add("b", Map.of()));

    new ScoreRun(night, CONFIG, FIRST)
        .of(
            (tables, version) -> {
              PublishedModels.promote(night, "2026-01-02.1");
              return Unread.ofNight(tables.clean(), tables.scores(), version, Optional.empty());
            });

    assertThat(readBy(FIRST)).containsExactlyInAnyOrder("a", "b");
    assertThat(readBy("2026-01-02.1")).isEmpty();
  }

  @Test
  void aDamagedModelIsRefused() throws IOException {
    PublishedModels.promote(night, FIRST);
    documents(new CleanRows().add("a", Map.of()));
    Path file = root.resolve("models/test/" + FIRST + "/model.zip");
    Files.deleteIfExists(file.resolveSibling(".model.zip.crc"));
    Files.write(file, new byte[] {1});

    assertThatThrownBy(() -> Score.run(night, CONFIG))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is damaged");
    assertThat(night.tables().exists(Scores.SCHEMA)).isFalse();
  }

  private void documents(CleanRows rows) {
    night.tables().replaceRun(CleanDocuments.SCHEMA, TONIGHT, rows.table());
  }

  private static StageContext on(StageContext night, LocalDate date, int counter) {
    return new StageContext(
        night.spark(),
        night.storage(),
        night.tables(),
        new io.attune.pipeline.storage.Run("test", date, counter),
        night.recorder(),
        night.progress());
  }

  private static Map<String, Object> published(String at) {
    return Map.of(Documents.PUBLISHED_AT, Instant.parse(at));
  }

  private static Map<String, Object> with(Map<String, Object> one, Map<String, Object> other) {
    Map<String, Object> both = new TreeMap<>(one);
    both.putAll(other);
    return both;
  }

  private static Object labels() {
    return JavaConverters.mapAsScalaMap(Map.of("mood", "negative"));
  }

  private static Object earlier(String id) {
    return JavaConverters.asScalaBuffer(List.of(RowFactory.create(id, TONIGHT))).toSeq();
  }

  /** Returns tonight's rows by document and head. */
  private Map<String, Row> rows() {
    Map<String, Row> rows = new TreeMap<>();
    night
        .tables()
        .readRun(Scores.SCHEMA, TONIGHT)
        .collectAsList()
        .forEach(
            row -> rows.put(row.getAs(Scores.DOCUMENT_ID) + " " + row.getAs(Scores.HEAD), row));
    return rows;
  }

  private List<String> readBy(String version) {
    return night
        .tables()
        .read(Scores.SCHEMA)
        .where(col(Scores.MODEL).equalTo(version).and(col(Scores.HEAD).equalTo("mood")))
        .select(Scores.DOCUMENT_ID)
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static List<String> table(StageContext night) {
    Dataset<Row> rows = night.tables().read(Scores.SCHEMA);
    return rows.selectExpr("to_json(struct(*)) AS row").orderBy("row").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
