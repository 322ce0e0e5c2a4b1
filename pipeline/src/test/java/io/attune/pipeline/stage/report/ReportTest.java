package io.attune.pipeline.stage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.report.sample.SampleMood;
import io.attune.pipeline.stage.report.sample.SampleNight;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.NightReport.CorpusIntake;
import io.attune.schemas.report.NightReport.RejectCount;
import io.attune.schemas.report.NightReport.StageRecord;
import io.attune.schemas.report.NightReport.TextChange;
import io.attune.schemas.report.NightReport.TimelinePoint;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TableSchema;
import io.attune.schemas.table.TextChanges;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final ReportConfig CONFIG = new ReportConfig(24, 40, 2, 24, 60, 3, 2_000_000);
  private static final Run RUN = TestNight.RUN;
  private static final List<StageRecord> STAGES =
      List.of(
          new StageRecord("ingest", 1, "3 documents", List.of("passed over: 'a.csv' is empty")),
          new StageRecord("promote", 0.1, "2026-01-02.1 is the current model"));

  @TempDir private static Path root;
  private static StageContext night;
  private static StageResult result;

  /** Runs one night for all tests that only read it. */
  @BeforeAll
  static void runTheNight() {
    night = TestNight.in(root);
    publishArtefacts(night, writeTables(night));
    publishMood(night);
    result = Report.run(night, CONFIG, STAGES);
  }

  @Test
  void publishesAPageAReportThatFollowsItsSchemaAndTables() throws IOException {
    assertThat(result.artefact()).isEqualTo("reports/test/2026-01-02.1");
    assertThat(result.counts()).containsEntry("documents", 3L).containsEntry("rejected", 3L);
    Manifest manifest = night.artefacts().verify(RUN.report());
    assertThat(manifest.files())
        .extracting(Manifest.FileEntry::path)
        .contains("index.html", "report.json", "tables/evaluation.csv", "tables/rejects.csv")
        .contains("mood.html", "mood.json", "alerts.json", "alerts.txt")
        .hasSize(6 + result.counts().get("tables").intValue());
    String json = text(RUN.report() + "/report.json");
    try (InputStream schema = NightReport.class.getResourceAsStream("report.schema.json")) {
      assertThat(
              JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                  .getSchema(schema)
                  .validate(json, InputFormat.JSON))
          .isEmpty();
    }
  }

  @Test
  void theNightAndAllNightsLeadToTheMood() {
    assertThat(text(RUN.report() + "/index.html"))
        .contains("<a href=\"mood.html\">Mood and alerts");
    assertThat(text(RUN.report() + "/mood.html")).contains("Negative news about NVL");
    assertThat(text("reports/index.html"))
        .containsSubsequence("2 new alerts", "mood.html#alert-a1", "Nights, newest first");
  }

  @Test
  void countsIngestedDocumentsAndRejectsOfTonight() {
    NightReport report = report();
    assertThat(report.intake())
        .containsExactly(new CorpusIntake("reviews", 1, 0), new CorpusIntake("wire", 2, 3));
    assertThat(report.rejects())
        .containsExactly(
            new RejectCount("ingest", "wire", "malformed", 2, "=first;line"),
            new RejectCount("clean", "wire", "duplicate", 1, "The same as d1."));
    assertThat(report.changes())
        .containsExactly(
            new TextChange("wire", "tags", 2, 7, "<b>"),
            new TextChange("wire", "email", 1, 1, null));
    assertThat(text(RUN.report() + "/tables/changes.csv")).contains("wire,email,1,1,\r\n");
    assertThat(report.rows())
        .containsOnly(Map.entry("train", 30L), Map.entry("validation", 0L), Map.entry("test", 10L));
    assertThat(text(RUN.report() + "/tables/rejects.csv")).contains(",'=first;line\r\n");
  }

  @Test
  void warningsOfStagesStandInPageAndTable() {
    assertThat(text(RUN.report() + "/index.html")).contains("<h2>Warnings</h2>", "passed over: ");
    assertThat(text(RUN.report() + "/tables/warnings.csv"))
        .contains("ingest,passed over: 'a.csv' is empty\r\n");
  }

  @Test
  void timelineCountsLabelsByMonthInUtcOfTheLatestMonthsOfAllNights() {
    assertThat(report().timeline())
        .containsExactly(
            new TimelinePoint("2025-12", "sentiment", "negative", 1),
            new TimelinePoint("2026-01", "sentiment", "positive", 1),
            new TimelinePoint("2026-01", "topic", "energy", 1));
  }

  @Test
  void lineageNamesEveryArtefactAndWhatTheReportWasMadeFrom() {
    NightReport report = report();
    assertThat(report.lineage().keySet())
        .containsExactlyInAnyOrder("dataset", "model", "evaluation", "verdict", "mood", "report");
    assertThat(report.lineage().get("report").inputs())
        .containsKeys("dataset/index.json", "evaluation/evaluation.json", "documents")
        .containsEntry(
            "verdict/verdict.json",
            night.artefacts().manifest(RUN.verdict()).files().get(0).sha256());
    assertThat(night.artefacts().manifest(RUN.report()).provenance())
        .isEqualTo(report.lineage().get("report"));
  }

  @Test
  void secondRunChangesNothingButRestoresThePageOverAllRuns() throws IOException {
    Path overview = root.resolve("reports/index.html");
    String before = Files.readString(overview);
    Files.delete(overview);

    assertThatThrownBy(() -> Report.run(night, CONFIG, STAGES))
        .isInstanceOf(Failure.AlreadyPublished.class)
        .hasMessageContaining("is published already");
    assertThat(Files.readString(overview)).isEqualTo(before);
  }

  @Test
  void pageOverAllRunsListsTheNewestFirstAndNamesWhatItCannotRead(@TempDir Path other) {
    StageContext nights = TestNight.in(other);
    Storage storage = nights.storage();
    NightReport sample = new SampleNight(1).report();
    NightReport renamed =
        NightReport.builder("a b", sample.run(), sample.date())
            .evaluation(sample.evaluation())
            .build();
    publish(nights, "reports/a b/2026-01-03.1", NightReport.FILE_NAME, renamed);
    publish(nights, "reports/news/2026-01-06.1", NightReport.FILE_NAME, sample);
    publish(nights, "reports/news/2025-12-31.1", NightReport.FILE_NAME, sample);
    publish(nights, "reports/news/2025-01-01.1", NightReport.FILE_NAME, sample);
    storage.replace("reports/news/2025-12-31.1/report.json", bytes("{}"));
    storage.replace("reports/news/notes.txt", bytes("mine"));
    storage.replace("reports/index.html", bytes("old"));

    Overview.rewrite(storage, CONFIG.maxOverviewRuns());

    String page = new String(storage.read("reports/index.html"), StandardCharsets.UTF_8);
    assertThat(page)
        .containsSubsequence(
            "href=\"news/2026-01-06.1/index.html\"", "href=\"a%20b/2026-01-06.1/index.html\"")
        .contains("Not shown", "reports/news/2025-12-31.1/report.json", "2 of 4 shown")
        .doesNotContain("2025-01-01.1");
  }

  @Test
  void nightWithoutVerdictSaysWhichStageIsMissing(@TempDir Path other) throws IOException {
    StageContext broken = TestNight.in(other);
    publishArtefacts(broken, 0);
    Files.delete(other.resolve(RUN.verdict()).resolve(Manifest.FILE_NAME));

    assertThatThrownBy(() -> Report.run(broken, CONFIG, STAGES))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("2026-01-02.1/verdict/MANIFEST.json")
        .hasMessageContaining("run the stage that publishes it first");
    assertThat(broken.storage().exists(RUN.report())).isFalse();
  }

  @Test
  void evaluationWithAChangedByteIsRefused(@TempDir Path other) {
    StageContext broken = TestNight.in(other);
    publishArtefacts(broken, 0);
    broken.storage().replace(RUN.evaluation() + "/evaluation.json", bytes("{}"));

    assertThatThrownBy(() -> Report.run(broken, CONFIG, STAGES))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("evaluation.json' is damaged")
        .hasMessageContaining("run its stage again");
    assertThat(broken.storage().exists(RUN.report())).isFalse();
  }

  /** Returns the snapshot of the clean documents. */
  private static long writeTables(StageContext night) {
    List<Row> documents =
        List.of(
            document("d1", "wire", "2026-01-01T00:30:00Z", Map.of("sentiment", "positive")),
            document("d2", "wire", "2025-12-31T23:30:00Z", Map.of("sentiment", "negative")),
            document("d3", "reviews", null, Map.of("sentiment", "neutral")));
    write(night, Documents.SCHEMA, documents);
    write(
        night,
        CleanDocuments.SCHEMA,
        List.of(
            clean(document("d1", "wire", "2026-01-01T00:30:00Z", labels("positive", "energy"))),
            clean(documents.get(1)),
            clean(document("d0", "wire", "2025-11-05T00:00:00Z", labels("negative", "energy"))),
            clean(documents.get(2))));
    write(
        night,
        Rejects.SCHEMA,
        List.of(
            reject("ingest", 9, "malformed", "second;line"),
            reject("ingest", 2, "malformed", "=first;line"),
            reject("clean", 4, "duplicate", null)));
    write(
        night,
        TextChanges.SCHEMA,
        List.of(
            RowFactory.create(RUN.id(), "wire", "email", 1L, 1L, null),
            RowFactory.create(RUN.id(), "wire", "tags", 2L, 7L, "<b>")));
    return night.tables().snapshot(CleanDocuments.SCHEMA);
  }

  private static void publishArtefacts(StageContext night, long snapshot) {
    NightReport sample = new SampleNight(1).report();
    Evaluation evaluation = new Evaluation(sample.evaluation(), sample.slices(), sample.examples());
    publish(night, RUN.dataset(), ShardIndex.FILE_NAME, index(snapshot));
    publish(night, RUN.model(), ModelBundle.TRAINING, sample.training());
    publish(night, RUN.evaluation(), Evaluation.FILE_NAME, evaluation);
    publish(night, RUN.verdict(), VerdictRecord.FILE_NAME, sample.verdict());
  }

  private static Map<String, String> labels(String sentiment, String topic) {
    return Map.of("sentiment", sentiment, "topic", topic);
  }

  private static ShardIndex index(long snapshot) {
    return new ShardIndex(
        ShardIndex.VERSION,
        "0".repeat(64),
        100,
        16,
        snapshot,
        List.of(
            new ShardIndex.Shard("a", Split.TRAIN, 30, 300, Map.of(16, 30L), 1, "0"),
            new ShardIndex.Shard("b", Split.TEST, 10, 90, Map.of(16, 10L), 1, "0")),
        Map.of("train", Map.of("sentiment", Map.of("positive", 30L))));
  }

  private static Row document(
      String id, String corpus, String publishedAt, Map<String, String> labels) {
    return RowFactory.create(
        id,
        corpus,
        null,
        publishedAt == null ? null : Timestamp.from(Instant.parse(publishedAt)),
        null,
        "title",
        "text",
        labels,
        null,
        Map.of(),
        RUN.id(),
        "file.csv",
        1L);
  }

  private static Row clean(Row document) {
    Object[] values = new Object[CleanDocuments.SCHEMA.columns().size()];
    for (int i = 0; i < document.size(); i++) {
      values[i] = document.get(i);
    }
    values[document.size()] = "hash of " + document.getString(0);
    return RowFactory.create(values);
  }

  private static Row reject(String stage, long line, String reason, String record) {
    return RowFactory.create(
        RUN.id(), stage, "wire", "file.csv", line, null, reason, "The same as d1.", record);
  }

  private static void write(StageContext night, TableSchema table, List<Row> rows) {
    night
        .tables()
        .replaceRun(table, RUN.id(), night.spark().createDataFrame(rows, table.columns()));
  }

  private static void publishMood(StageContext night) {
    night
        .artefacts()
        .publish(
            RUN.mood(),
            night.recorder().record("monitor", Map.of()),
            staging -> {
              staging.write(Mood.FILE_NAME, Json.pretty(SampleMood.mood()));
              staging.write(AlertFile.FILE_NAME, Json.pretty(SampleMood.alerts()));
              staging.write(AlertFile.TEXT, bytes("2 new alerts"));
              return Map.of();
            });
  }

  private static void publish(StageContext night, String folder, String file, Object value) {
    night
        .artefacts()
        .publish(
            folder,
            night.recorder().record("another", Map.of()),
            staging -> {
              staging.write(file, Json.pretty(value));
              return Map.of();
            });
  }

  private static NightReport report() {
    return night.storage().readJson(RUN.report() + "/report.json", NightReport.class);
  }

  private static String text(String path) {
    return new String(night.storage().read(path), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
