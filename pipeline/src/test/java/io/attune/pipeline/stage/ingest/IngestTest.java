package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestTest {
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(new LabelSets.Head("sentiment", List.of("negative", "neutral", "positive"))));

  @TempDir Path folder;
  private StageContext night;

  @BeforeEach
  void openNight() {
    night = TestNight.in(folder.resolve("root"));
  }

  @Test
  void csvWithQuotesCommasAndLineFeedsBecomesDocuments() throws IOException {
    write("a.csv", "id,text,mood\n1,\"Good, very\ngood\",positive\n2,Plain,negative\n");

    StageResult result = ingest(corpus("a.csv", Format.AUTO));

    assertThat(result.counts()).containsEntry("documents", 2L).containsEntry("rejected", 0L);
    List<Row> rows = documents();
    assertThat(rows)
        .extracting(row -> row.<String>getAs(Documents.ID))
        .containsExactly("c:1", "c:2");
    assertThat(rows.get(0).<String>getAs(Documents.TEXT)).isEqualTo("Good, very\ngood");
    assertThat(rows.get(0).<String, String>getJavaMap(rows.get(0).fieldIndex(Documents.LABELS)))
        .isEqualTo(Map.of("sentiment", "positive"));
    assertThat(rows.get(0).<Long>getAs(Documents.LINE)).isEqualTo(2);
    assertThat(rows.get(1).<Long>getAs(Documents.LINE)).isEqualTo(4);
  }

  @Test
  void tsvTakesQuotesAsTheyAre() throws IOException {
    write("a.tsv", "id\ttext\tmood\n1\tHe said \"no\tneutral\n");

    ingest(corpus("a.tsv", Format.AUTO));

    assertThat(documents().get(0).<String>getAs(Documents.TEXT)).isEqualTo("He said \"no");
  }

  @Test
  void gzippedJsonLinesBecomeDocumentsAndBadLinesRejects() throws IOException {
    Path file = folder.resolve("a.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(
          text(
              """
              {"id": 1, "text": "Fine.", "mood": "positive"}
              {"id": 2, "text": "Cut off
              [1, 2]
              {"id": 3, "mood": "negative"}
              {"id": 4, "text": "Odd", "mood": "furious"}
              {"id": 5, "text": "No label"}
              {"id": 6, "text": "So", "mood": "neutral"}
              {"id": 7, "text": "So so", "mood": "neutral"}
              """));
    }

    StageResult result = ingest(corpus("a.jsonl.gz", Format.AUTO));

    assertThat(result.counts()).containsEntry("documents", 4L).containsEntry("rejected", 4L);
    assertThat(rejects())
        .extracting(row -> row.<Long>getAs(Rejects.LINE), row -> row.<String>getAs(Rejects.REASON))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(2L, "malformed"),
            org.assertj.core.groups.Tuple.tuple(3L, "malformed"),
            org.assertj.core.groups.Tuple.tuple(4L, "no-text"),
            org.assertj.core.groups.Tuple.tuple(5L, "unknown-label"));
    assertThat(rejects().get(3).<String>getAs(Rejects.DETAIL))
        .isEqualTo("'furious' is not a class of head 'sentiment': [negative, neutral, positive]");
  }

  @Test
  void loneSurrogateOfJsonBecomesAReplacementCharacter() throws IOException {
    write("a.jsonl", "{\"id\": 1, \"text\": \"Cut off \\ud83d\", \"mood\": \"neutral\"}\n");

    ingest(corpus("a.jsonl", Format.AUTO));

    assertThat(documents().get(0).<String>getAs(Documents.TEXT)).isEqualTo("Cut off \uFFFD");
  }

  @Test
  void parquetColumnsOfOtherTypesAreReadAsText() {
    String path = folder.resolve("a.parquet").toString();
    TestNight.spark()
        .sql(
            "SELECT 7L AS id, 'Fine.' AS text, 'positive' AS mood, timestamp'2026-01-01 10:00:00'"
                + " AS seen")
        .write()
        .parquet(path);

    ingest(corpus("a.parquet", Format.PARQUET, columns("id", "text", "seen", "mood")));

    Row row = documents().get(0);
    assertThat(row.<String>getAs(Documents.ID)).isEqualTo("c:7");
    assertThat(row.<java.sql.Timestamp>getAs(Documents.PUBLISHED_AT).toInstant())
        .isEqualTo("2026-01-01T10:00:00Z");
  }

  @Test
  void foldersOfTextTakeTheirLabelFromTheFolder() throws IOException {
    write("reviews/pos/1.txt", "Loved it.\nTwice.");
    write("reviews/neg/1.txt", "Hated it.");
    write("reviews/urls.txt", "http://example.com/");
    Corpus corpus =
        new Corpus(
            "c",
            folder.resolve("reviews").toString(),
            Format.TEXT_FOLDERS,
            null,
            null,
            Split.TEST,
            "en",
            "films",
            new Corpus.Columns(
                null, null, null, null, null, null, Map.of("sentiment", "folder"), List.of()),
            Map.of("sentiment", Map.of("pos", "positive", "neg", "negative")));

    assertThat(ingest(corpus).counts()).containsEntry("passed-over", 1L);

    assertThat(documents())
        .extracting(
            row -> row.<String>getAs(Documents.ID),
            row ->
                row.<String, String>getJavaMap(row.fieldIndex(Documents.LABELS)).get("sentiment"),
            row -> row.<String>getAs(Documents.DECLARED_SPLIT))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("c:neg/1.txt", "negative", "test"),
            org.assertj.core.groups.Tuple.tuple("c:pos/1.txt", "positive", "test"));
  }

  @Test
  void textInAnotherEncodingIsDecoded() throws IOException {
    Files.write(
        folder.resolve("a.csv"),
        "id,text,mood\n1,非常好,positive\n".getBytes(Charset.forName("GB18030")));
    Corpus plain = corpus("a.csv", Format.CSV);
    Corpus corpus =
        new Corpus(
            "c",
            plain.path(),
            Format.CSV,
            null,
            "GB18030",
            null,
            "zh",
            null,
            plain.columns(),
            null);

    ingest(corpus);

    assertThat(documents().get(0).<String>getAs(Documents.TEXT)).isEqualTo("非常好");
  }

  @Test
  void badDateIsRejectedWithItsColumn() throws IOException {
    write("a.csv", "id,text,seen\n1,Fine,2026-01-01\n2,Fine too,yesterday\n3,Good,2026-01-02\n");

    ingest(corpus("a.csv", Format.CSV, columns("id", "text", "seen", null)));

    assertThat(rejects()).hasSize(1);
    assertThat(rejects().get(0).<String>getAs(Rejects.FIELD)).isEqualTo("seen");
    assertThat(rejects().get(0).<String>getAs(Rejects.DETAIL))
        .contains("'yesterday' is not a date");
  }

  @Test
  void runningTwiceIsRefusedAndTheFilesAreKnown() throws IOException {
    write("a.csv", "id,text,mood\n1,Fine,positive\n");
    Corpus corpus = corpus("a.csv", Format.CSV);
    ingest(corpus);

    assertThat(pending(corpus)).isEmpty();
    assertThatThrownBy(() -> ingest(corpus)).isInstanceOf(Failure.AlreadyPublished.class);
    assertThat(documents()).hasSize(1);
  }

  @Test
  void datesInPathsAreThoseOfTheirNights() throws IOException {
    write("news/2026-01-01/a.csv", "id,text,mood\n1,Fine,positive\n");
    write("news/2026-01-02/a.csv", "id,text,mood\n2,Fine,positive\n");
    Corpus corpus = corpus("news/{date}/a.csv", Format.CSV);

    assertThat(pending(corpus))
        .extracting(InputFile::date)
        .containsExactly("2026-01-01", "2026-01-02");
  }

  @Test
  void missingFileIsRefused() {
    assertThatThrownBy(() -> pending(corpus("nothing.csv", Format.CSV)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Corpus 'c' has no file: nothing is at")
        .hasMessageContaining("nothing.csv");
  }

  @Test
  void emptyFileIsRefused() throws IOException {
    write("a.csv", "");

    assertThatThrownBy(() -> ingest(corpus("a.csv", Format.CSV)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("a.csv' of corpus 'c' is empty");
  }

  @Test
  void fileWithOnlyAHeaderIsRefused() throws IOException {
    write("a.csv", "id,text,mood\n");

    assertThatThrownBy(() -> ingest(corpus("a.csv", Format.CSV)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("there is no document yet")
        .hasMessageContaining("holds no record, only a header");
  }

  @Test
  void wrongDelimiterIsRefusedWithTheLikelyOne() throws IOException {
    write("a.csv", "id;text;mood\n1;Fine;positive\n");

    assertThatThrownBy(() -> ingest(corpus("a.csv", Format.CSV)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is not separated by ','")
        .hasMessageContaining("set corpora.delimiter to ';'");
  }

  @Test
  void missingColumnIsRefusedWithThoseThatThereAre() throws IOException {
    write("a.csv", "id,body,mood\n1,Fine,positive\n");

    assertThatThrownBy(() -> ingest(corpus("a.csv", Format.CSV)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has no column 'text'; it has 'body', 'id', 'mood'");
  }

  @Test
  void binaryFileIsRefused() throws IOException {
    Files.write(folder.resolve("a.csv"), new byte[] {'i', 'd', 3, 4, 0, 0, 1});
    Files.write(folder.resolve("b.csv"), new byte[] {'P', 'K', 3, 4, 0, 0, 1});

    assertThatThrownBy(() -> ingest(corpus("a.csv", Format.CSV)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is a binary file: 3 of its first 7 characters");
    assertThatThrownBy(() -> ingest(corpus("b.csv", Format.CSV)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is a ZIP archive: unpack it");
  }

  @Test
  void corpusOfWhichMostIsRejectedIsRefusedAndNothingIsPublished() throws IOException {
    write("a.csv", "id,text,mood\n1,Fine,good\n2,Bad,bad\n3,So,neutral\n");

    assertThatThrownBy(() -> ingest(corpus("a.csv", Format.CSV)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("2 of 3 records were rejected")
        .hasMessageContaining("'good' is not a class of head 'sentiment'")
        .hasMessageContaining("label-values");
    assertThat(night.tables().exists(Documents.SCHEMA)).isFalse();
    assertThat(night.storage().exists(Intake.folder(night.run()))).isFalse();
  }

  @Test
  void labelsOfAHeadThatTheTaskLacksAreRefused() throws IOException {
    write("a.csv", "id,text,mood\n1,Fine,positive\n");
    Corpus.Columns columns =
        new Corpus.Columns(
            "id", null, "text", null, null, null, Map.of("topic", "mood"), List.of());

    assertThatThrownBy(() -> ingest(corpus("a.csv", Format.CSV, columns)))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("names head 'topic', and heads has [sentiment]");
  }

  private StageResult ingest(Corpus corpus) {
    IngestConfig config = new IngestConfig(List.of(corpus), 0.5);
    return Ingest.run(night, config, LABELS, all(corpus));
  }

  /** Returns all input files of a corpus, including those that an earlier run ingested. */
  private List<InputFile> all(Corpus corpus) {
    StageContext elsewhere = TestNight.in(folder.resolve("elsewhere"));
    return Inputs.pending(
            new IngestConfig(List.of(corpus), 0.5),
            elsewhere.storage(),
            elsewhere.run().task(),
            new Configuration())
        .files();
  }

  private List<InputFile> pending(Corpus corpus) {
    return Inputs.pending(
            new IngestConfig(List.of(corpus), 0.5),
            night.storage(),
            night.run().task(),
            new Configuration())
        .files();
  }

  private List<Row> documents() {
    return night.tables().read(Documents.SCHEMA).orderBy(Documents.ID).collectAsList();
  }

  private List<Row> rejects() {
    return night.tables().read(Rejects.SCHEMA).orderBy(Rejects.LINE).collectAsList();
  }

  private Corpus corpus(String file, Format format) {
    return corpus(file, format, columns("id", "text", null, "mood"));
  }

  private Corpus corpus(String file, Format format, Corpus.Columns columns) {
    return new Corpus(
        "c", folder.resolve(file).toString(), format, null, null, null, null, null, columns, null);
  }

  private static Corpus.Columns columns(String id, String text, String seen, String mood) {
    Map<String, String> labels = mood == null ? Map.of() : Map.of("sentiment", mood);
    return new Corpus.Columns(id, null, text, seen, null, null, labels, List.of());
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, text(content));
  }

  private static byte[] text(String content) {
    return content.getBytes(StandardCharsets.UTF_8);
  }
}
