package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.input.Format;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.IntakeRecord;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads each kind of source as a user brings it. */
class SourcesTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("mood", List.of("negative", "positive"))));

  @TempDir Path folder;
  private StageContext night;

  @BeforeEach
  void openNight() {
    night = TestNight.in(folder.resolve("root"));
  }

  @Test
  void emptyPartsAndFilesAboutTheDataArePassedOver() throws IOException {
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n");
    write("in/b.csv", "");
    write("in/c.csv", "id,text,mood\n");
    write("in/README.txt", "About");

    StageResult result = ingest(corpus("in", Format.AUTO));

    assertThat(result.counts())
        .containsEntry("documents", 1L)
        .containsEntry("files", 4L)
        .containsEntry("passed-over", 3L);
    assertThat(result.summary()).contains("1 documents from 1 files", "3 files passed over");
    assertThat(intake())
        .extracting(file -> name(file.path()), IntakeRecord.IngestedFile::passedOver)
        .containsExactly(
            tuple("README.txt", "is not data by its name"),
            tuple("a.csv", null),
            tuple("b.csv", "is empty"),
            tuple("c.csv", "holds no record, only a header"));
  }

  @Test
  void localFilesMayHaveColonsAndThoseBeingWrittenWait() throws IOException {
    write("in/2026-01-01T12:00:00.csv", "id,text,mood\n1,Fine,positive\n");
    write("in/a:b.jsonl", "{\"id\":\"2\",\"text\":\"Bad\",\"mood\":\"negative\"}\n");
    write("in/b.csv.part", "id,text,mood\n3,Half,positive\n");

    StageResult result = ingest(corpus("in", Format.AUTO));

    assertThat(result.counts()).containsEntry("documents", 2L).containsEntry("files", 2L);
  }

  @Test
  void columnarFileWithAColonIsRefusedByName() throws IOException {
    parquet("in/a.parquet", "", 1);
    Files.move(folder.resolve("in/a.parquet"), folder.resolve("in/a:b.parquet"));

    assertThatThrownBy(() -> ingest(corpus("in", Format.AUTO)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("a:b.parquet' has a colon in its name");
  }

  @Test
  void packedColumnsAndPaddedGzipAreNamedForWhatTheyAre() throws IOException {
    parquet("in/a.parquet", "", 1);
    byte[] plain = Files.readAllBytes(folder.resolve("in/a.parquet"));
    Files.delete(folder.resolve("in/a.parquet"));
    Files.write(folder.resolve("in/a.parquet.gz"), gzip(plain));
    assertThatThrownBy(() -> ingest(corpus("in", Format.AUTO)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Parquet or ORC file that was compressed as a whole");

    byte[] packed = gzip("id,text,mood\n1,Fine,positive\n".getBytes(StandardCharsets.UTF_8));
    Files.createDirectories(folder.resolve("padded"));
    Files.write(folder.resolve("padded/a.csv.gz"), Arrays.copyOf(packed, packed.length + 64));
    assertThatThrownBy(() -> ingest(corpus("padded", Format.AUTO)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has bytes behind its gzip data");
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void foldersOfAPathAreColumns() throws IOException {
    write("in/mood=negative/dt=2026-01-01/a.csv", "id,text\n1,Bad\n");
    write("in/mood=positive/dt=2026-01-02/a.csv", "id,text\n2,Good\n");

    ingest(corpus("in", Format.AUTO, "dt"));

    assertThat(documents())
        .extracting(
            SourcesTest::mood, row -> row.<java.sql.Timestamp>getAs("published_at").toInstant())
        .containsExactly(
            tuple("negative", Instant.parse("2026-01-01T00:00:00Z")),
            tuple("positive", Instant.parse("2026-01-02T00:00:00Z")));
  }

  @Test
  void unreadableTypesInOtherColumnsOfParquetDoNoHarm() throws IOException {
    parquet(
        "in/a.parquet",
        "optional int64 seen (TIMESTAMP(NANOS,true)); optional fixed_len_byte_array(12) gap (INTERVAL);",
        3);
    parquet("in/b.parquet", "optional binary seen (UTF8);", 2);

    StageResult result = ingest(corpus("in", Format.AUTO));

    assertThat(result.counts()).containsEntry("documents", 5L);
    assertThat(documents())
        .extracting(row -> name(row.getAs(Documents.FILE)), row -> row.<Long>getAs(Documents.LINE))
        .containsExactly(
            tuple("a.parquet", 1L),
            tuple("a.parquet", 2L),
            tuple("a.parquet", 3L),
            tuple("b.parquet", 1L),
            tuple("b.parquet", 2L));
  }

  @Test
  void nanosecondsOfAMappedColumnAreATime() throws IOException {
    parquet("in/a.parquet", "optional int64 seen (TIMESTAMP(NANOS,true));", 1);

    ingest(corpus("in", Format.AUTO, "seen"));

    assertThat(documents().get(0).<java.sql.Timestamp>getAs("published_at").toInstant())
        .isEqualTo("2025-01-01T00:00:00.123456Z");
  }

  @Test
  void nestedColumnsAndOrcRowsAreFound() {
    String path = folder.resolve("in").toString();
    TestNight.spark()
        .sql(
            "SELECT named_struct('id', string(id), 'tags', array('a', 'b')) AS post,"
                + " concat('Text ', id) AS text, 'positive' AS mood,"
                + " timestamp'2026-01-01 10:00:00' AS seen FROM range(0, 20, 1, 1)")
        .write()
        .orc(path);
    Corpus.Columns columns =
        new Corpus.Columns(
            "post.id",
            null,
            "text",
            "seen",
            null,
            null,
            Map.of("mood", "mood"),
            List.of("post.tags"));

    ingest(new Corpus("c", path, Format.ORC, null, null, null, null, null, columns, null));

    List<Row> rows = documents();
    assertThat(rows).hasSize(20);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row.<String>getAs(Documents.ID))
                    .isEqualTo("c:" + (row.<Long>getAs(Documents.LINE) - 1)));
    assertThat(rows.get(0).getJavaMap(rows.get(0).fieldIndex(Documents.EXTRA)))
        .isEqualTo(Map.of("post.tags", "[\"a\",\"b\"]"));
  }

  @Test
  void avroRecordsAreDocuments() throws IOException {
    Schema schema =
        SchemaBuilder.record("Post")
            .fields()
            .requiredLong("id")
            .optionalString("text")
            .requiredString("mood")
            .name("seen")
            .type(
                org.apache.avro.LogicalTypes.timestampMillis()
                    .addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .endRecord();
    Files.createDirectories(folder.resolve("in"));
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, folder.resolve("in/a.avro").toFile());
      for (long id = 1; id <= 3; id++) {
        GenericData.Record record = new GenericData.Record(schema);
        record.put("id", id);
        record.put("text", id == 2 ? null : "Fine");
        record.put("mood", "positive");
        record.put("seen", 1_767_225_600_000L);
        writer.append(record);
      }
    }

    StageResult result = ingest(corpus("in", Format.AUTO, "seen"));

    assertThat(result.counts()).containsEntry("documents", 2L).containsEntry("rejected", 1L);
    assertThat(documents().get(0).<java.sql.Timestamp>getAs("published_at").toInstant())
        .isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void itemsOfXmlAreDocuments() throws IOException {
    write("in/a.xml", "<r><entry><id>1</id><text>Fine</text><mood>positive</mood></entry></r>");
    Corpus plain = corpus("in", Format.AUTO);

    ingest(
        new Corpus(
            "c",
            plain.path(),
            Format.AUTO,
            null,
            null,
            null,
            null,
            null,
            plain.columns(),
            null,
            null,
            null,
            null,
            null,
            null,
            "entry"));

    assertThat(documents()).hasSize(1);
  }

  @Test
  void namesWithSignsOfPatternsAreReadAsTheyAre() throws IOException {
    write("in/reviews[1].csv", "id,text,mood\n1,Fine,positive\n");
    parquet("in/100% [2] {a,b}.parquet", "optional binary seen (UTF8);", 1);

    StageResult result = ingest(corpus("in", Format.AUTO));

    assertThat(result.counts()).containsEntry("documents", 2L);
  }

  @Test
  void brokenFilesOfColumnsAreInputThatIsNamed() throws IOException {
    for (String name : List.of("a.parquet", "a.orc", "a.avro")) {
      write("broken/" + name, "PAR1 this is not what its name says");

      assertThatThrownBy(() -> ingest(corpus("broken/" + name, Format.AUTO)))
          .as(name)
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining(name + "' of corpus 'c'")
          .hasMessageContaining("restore the file");
    }
  }

  @Test
  void damagedPagesOfParquetAreInputThatIsNamed() throws IOException {
    parquet("in/a.parquet", "optional binary seen (UTF8);", 2000);
    Path file = folder.resolve("in/a.parquet");
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, 4, bytes.length / 2, (byte) 0xEE);
    Files.write(file, bytes);

    assertThatThrownBy(() -> ingest(corpus("in", Format.AUTO)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("a.parquet");
  }

  @Test
  void columnThatOnlyLaterRecordsHaveIsFound() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      String mood = i < 250 ? "" : ", \"mood\": \"positive\"";
      lines.append("{\"id\": %d, \"text\": \"Text %d\"%s}\n".formatted(i, i, mood));
    }
    write("in/a.jsonl", lines.toString());

    assertThat(ingest(corpus("in", Format.AUTO)).counts()).containsEntry("documents", 300L);
  }

  @Test
  void largeCsvFileIsReadInPiecesAndGivesTheSameRows() throws IOException {
    StringBuilder rows = new StringBuilder("id,text,mood\n");
    for (int i = 0; i < 400; i++) {
      String text =
          i % 9 == 0 ? "\"Good\n1,bad,positive\nend\"" : i == 250 ? "\"Not closed" : "Text " + i;
      rows.append("%d,%s,%s\n".formatted(i, text, i % 50 == 7 ? "none" : "positive"));
    }
    write("in/a.csv", rows.toString());
    Corpus corpus = corpus("in", Format.AUTO);

    Map<String, Long> whole = ingest(new IngestConfig(List.of(corpus), 0.5)).counts();
    List<Row> expected = documents();
    List<Row> expectedRejects = rejects();
    night = TestNight.in(folder.resolve("pieces"));
    IngestConfig small =
        new IngestConfig(List.of(corpus), 0.5, 0.05, 10_000, 500, IngestConfig.WhenChanged.REPLACE);
    Map<String, Long> cut = ingest(small).counts();

    assertThat(cut).isEqualTo(whole).containsEntry("rejected", 9L);
    assertThat(documents()).isEqualTo(expected);
    assertThat(rejects()).isEqualTo(expectedRejects);
    assertThat(intake().get(0).records()).isEqualTo(400);
  }

  private List<Row> rejects() {
    return night
        .tables()
        .read(Rejects.SCHEMA)
        .orderBy(Rejects.FILE, Rejects.LINE)
        .select(Rejects.LINE, Rejects.REASON, Rejects.DETAIL, Rejects.RECORD)
        .collectAsList();
  }

  private void parquet(String name, String column, int rows) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary id (UTF8); required binary text (UTF8);"
                + " required binary mood (UTF8); "
                + column
                + " }");
    SimpleGroupFactory groups = new SimpleGroupFactory(schema);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withConf(new Configuration())
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group group = groups.newGroup();
        group.append("id", name + i).append("text", "Text " + i).append("mood", "positive");
        if (column.contains("NANOS")) {
          group.append("seen", 1_735_689_600_123_456_789L);
        }
        writer.write(group);
      }
    }
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private StageResult ingest(Corpus corpus) {
    return ingest(new IngestConfig(List.of(corpus), 0.5));
  }

  private StageResult ingest(IngestConfig config) {
    return Ingest.run(
        night,
        config,
        LABELS,
        Inputs.pending(config, night.storage(), night.run().task(), new Configuration()).files());
  }

  private List<IntakeRecord.IngestedFile> intake() {
    return night
        .artefacts()
        .open(Intake.folder(night.run()))
        .json(IntakeRecord.FILE_NAME, IntakeRecord.class)
        .files();
  }

  private List<Row> documents() {
    return night
        .tables()
        .read(Documents.SCHEMA)
        .orderBy(Documents.FILE, Documents.LINE)
        .collectAsList();
  }

  private static String mood(Row row) {
    return row.<String, String>getJavaMap(row.fieldIndex(Documents.LABELS)).get("mood");
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Corpus corpus(String path, Format format) {
    return corpus(path, format, null);
  }

  private Corpus corpus(String path, Format format, String seen) {
    Corpus.Columns columns =
        new Corpus.Columns("id", null, "text", seen, null, null, Map.of("mood", "mood"), List.of());
    return new Corpus(
        "c", folder.resolve(path).toString(), format, null, null, null, null, null, columns, null);
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content.getBytes(StandardCharsets.UTF_8));
  }
}
