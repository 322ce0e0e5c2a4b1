package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.stage.ingest.IngestConfig.WhenChanged;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.IntakeRecord;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts for every record, for files that change, and for nights that have nothing. */
class AccountsTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("mood", List.of("negative", "positive"))));

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private StageContext night;

  @BeforeEach
  void openNight() {
    night = of(TestNight.RUN);
  }

  @Test
  void eachFileHasItsAccount() throws IOException {
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n2,,positive\n3,Bad,negative\n");
    write("in/b.csv", "id,text,mood\n4,Fine,positive\n");

    ingest(config(10, WhenChanged.REPLACE));

    assertThat(intake())
        .extracting(
            IntakeRecord.IngestedFile::records,
            IntakeRecord.IngestedFile::documents,
            IntakeRecord.IngestedFile::rejected,
            IntakeRecord.IngestedFile::reasons)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(3L, 2L, 1L, Map.of("no-text", 1L)),
            org.assertj.core.groups.Tuple.tuple(1L, 1L, 0L, null));
  }

  @Test
  void rejectsOfAFileAreCountedAllAndKeptUpToALimit() throws IOException {
    StringBuilder rows = new StringBuilder("id,text,mood\n");
    for (int i = 0; i < 100; i++) {
      rows.append(i).append(i < 40 ? ",,positive\n" : ",Fine,positive\n");
    }
    write("in/a.csv", rows.toString());

    StageResult result = ingest(config(5, WhenChanged.REPLACE));

    assertThat(result.counts()).containsEntry("rejected", 40L).containsEntry("documents", 60L);
    assertThat(night.tables().read(Rejects.SCHEMA).count()).isEqualTo(5);
    assertThat(intake().get(0).reasons()).isEqualTo(Map.of("no-text", 40L));
    assertThat(warnings).singleElement().asString().contains("35 rejects of", "have no row");
  }

  @Test
  void classThatIsMissingFromTheHeadsStopsTheNight() throws IOException {
    StringBuilder rows = new StringBuilder("id,text,mood\n");
    for (int i = 0; i < 100; i++) {
      rows.append(i).append(",Fine,").append(i < 80 ? "positive\n" : "neutral\n");
    }
    write("in/a.csv", rows.toString());

    assertThatThrownBy(() -> ingest(config(10, WhenChanged.REPLACE)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("20 of 100 records were rejected because 'neutral' is not a class")
        .hasMessageContaining("heads")
        .hasMessageContaining("label-values");
    assertThat(night.tables().exists(Documents.SCHEMA)).isFalse();
  }

  @Test
  void guessedEncodingIsAWarningAndStandsInTheIntake() throws IOException {
    StringBuilder text = new StringBuilder("id,text,mood\n");
    for (int i = 0; i < 50; i++) {
      text.append(i).append(",房间很好，服务态度不错，下次还来,positive\n");
    }
    write("in/b.csv", "id,text,mood\nb1,Fine,positive\n");
    Files.write(folder.resolve("in/a.csv"), text.toString().getBytes(Charset.forName("GB18030")));
    byte[] damaged = text.toString().getBytes(StandardCharsets.UTF_8);
    damaged[damaged.length - 30] = (byte) 0xFF; // within the last text
    Files.write(folder.resolve("in/c.csv"), damaged);

    ingest(config(100, WhenChanged.REPLACE));

    assertThat(intake().get(0).encoding()).startsWith("not UTF-8; GB18030 fits");
    assertThat(intake().get(1).encoding()).isNull();
    assertThat(intake().get(2).encoding()).startsWith("UTF-8 with ");
    assertThat(warnings)
        .noneMatch(warning -> warning.contains("c.csv"))
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .startsWith("encoding of 1 file(s): not UTF-8; GB18030 fits")
                    .contains("corpora.encoding", "a.csv"));
  }

  @Test
  void someUnknownLabelsDoNotStopTheNight() throws IOException {
    StringBuilder rows = new StringBuilder("id,text,mood\n");
    for (int i = 0; i < 100; i++) {
      rows.append(i).append(",Fine,").append(i < 91 ? "positive\n" : "x" + i + "\n");
    }
    write("in/a.csv", rows.toString());

    assertThat(ingest(config(10, WhenChanged.REPLACE)).counts()).containsEntry("rejected", 9L);
  }

  @Test
  void fileThatGrewSinceItWasListedIsRefused() throws IOException {
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n");
    IngestConfig config = config(10, WhenChanged.REPLACE);
    List<InputFile> files = pending(config).files();
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n2,Fine,positive\n");

    assertThatThrownBy(() -> Ingest.run(night, config, LABELS, files))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("a.csv' of corpus 'c' changed while it was read");
    assertThat(night.tables().exists(Documents.SCHEMA)).isFalse();
  }

  @Test
  void fileThatVanishedSinceItWasListedIsRefused() throws IOException {
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n");
    write("in/b.csv", "id,text,mood\n1,Fine,positive\n");
    IngestConfig config = config(10, WhenChanged.REPLACE);
    List<InputFile> files = pending(config).files();
    Files.delete(folder.resolve("in/b.csv"));

    assertThatThrownBy(() -> Ingest.run(night, config, LABELS, files))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("b.csv");
  }

  @Test
  void changedFileIsReadAgainKeptOrRefused() throws IOException {
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n2,Gone,positive\n");
    ingest(config(10, WhenChanged.REPLACE));
    write("in/a.csv", "id,text,mood\n1,Fine,negative\n3,New,positive\n4,New too,positive\n");

    Inputs kept = pending(config(10, WhenChanged.KEEP));
    assertThat(kept.files()).isEmpty();
    assertThat(kept.warnings())
        .singleElement()
        .asString()
        .contains("1 files have changed", "a.csv");
    assertThatThrownBy(() -> pending(config(10, WhenChanged.STOP)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("ingest.when-changed");

    night = of(new Run("test", TestNight.RUN.date(), 2));
    ingest(config(10, WhenChanged.REPLACE));

    assertThat(night.tables().readRun(Documents.SCHEMA, night.run().id()).count()).isEqualTo(3);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("a.csv' has changed; 1 documents that it held are no longer in it, and are kept");
  }

  @Test
  void fileThatIsPutBackToAnEarlierStateIsReadAgain() throws IOException {
    IngestConfig config = config(10, WhenChanged.REPLACE);
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n");
    FileTime time = Files.getLastModifiedTime(folder.resolve("in/a.csv"));
    ingest(config);
    write("in/a.csv", "id,text,mood\n1,Fine,negative\n2,New,positive\n");
    night = of(new Run("test", TestNight.RUN.date(), 10));
    ingest(config);
    assertThat(pending(config).files()).isEmpty();

    write("in/a.csv", "id,text,mood\n1,Fine,positive\n");
    Files.setLastModifiedTime(folder.resolve("in/a.csv"), time);

    assertThat(pending(config).files()).hasSize(1);
  }

  @Test
  void dayWithoutNewsIsNoNight() throws IOException {
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n");
    ingest(config(10, WhenChanged.REPLACE));
    write("in/b.csv", "");

    Inputs inputs = pending(config(10, WhenChanged.REPLACE));

    assertThat(inputs.files()).isEmpty();
    assertThat(inputs.warnings()).singleElement().asString().contains("no night is due for 1 file");
  }

  @Test
  void folderThatWasEmptiedAfterwardsStopsNothing() throws IOException {
    write("in/a.csv", "id,text,mood\n1,Fine,positive\n");
    ingest(config(10, WhenChanged.REPLACE));
    Files.delete(folder.resolve("in/a.csv"));

    assertThat(pending(config(10, WhenChanged.REPLACE)).warnings())
        .singleElement()
        .asString()
        .contains("any more");
  }

  @Test
  void largeFileIsReadInRangesWithTheLinesOfTheFile() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 3000; i++) {
      lines.append(
          i % 100 == 0
              ? "{\"id\": %d, \"text\": \"cut off\n".formatted(i)
              : "{\"id\": %d, \"text\": \"%s\", \"mood\": \"positive\"}\n"
                  .formatted(i, "word ".repeat(i % 400)));
    }
    write("in/a.jsonl", lines.toString());
    assertThat(Files.size(folder.resolve("in/a.jsonl"))).isGreaterThan(2 << 20);

    StageResult result = ingest(config(1000, WhenChanged.REPLACE));

    assertThat(result.counts()).containsEntry("documents", 2970L).containsEntry("rejected", 30L);
    assertThat(night.tables().read(Documents.SCHEMA).where("id != concat('c:', line)").count())
        .isZero();
    assertThat(
            night
                .tables()
                .read(Rejects.SCHEMA)
                .where("line % 100 != 0 and reason = 'malformed'")
                .count())
        .isZero();
    assertThat(intake().get(0).records()).isEqualTo(3000L);
  }

  @Test
  void fileOfTwoCorporaIsReadAndAccountedForInEach() throws IOException {
    StringBuilder rows = new StringBuilder("id,text,mood\n");
    for (int i = 0; i < 60_000; i++) {
      rows.append(i).append(i % 1000 == 0 ? ",,positive\n" : ",Fine and good all round,positive\n");
    }
    write("in/a.csv", rows.toString());
    assertThat(Files.size(folder.resolve("in/a.csv"))).isGreaterThan(1 << 20);
    write("in/b.csv", "id,text,mood\n-1,Fine,positive\n-2,,positive\n");
    IngestConfig config = config(1000, "c", "d");

    ingest(config);

    assertThat(intake())
        .extracting(
            IntakeRecord.IngestedFile::corpus,
            file -> file.path().substring(file.path().lastIndexOf('/') + 1),
            IntakeRecord.IngestedFile::documents,
            IntakeRecord.IngestedFile::rejected)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("c", "a.csv", 59_940L, 60L),
            org.assertj.core.groups.Tuple.tuple("d", "a.csv", 59_940L, 60L),
            org.assertj.core.groups.Tuple.tuple("c", "b.csv", 1L, 1L),
            org.assertj.core.groups.Tuple.tuple("d", "b.csv", 1L, 1L));
    assertThat(pending(config).files()).isEmpty();
  }

  @Test
  void intakeOfAnEarlierVersionIsRead() throws IOException {
    IntakeRecord intake =
        Json.read(
            "{\"files\":[{\"corpus\":\"c\",\"path\":\"file:/a.csv\",\"bytes\":1,\"modified\":2}]}"
                .getBytes(StandardCharsets.UTF_8),
            IntakeRecord.class);

    assertThat(Intake.file(intake.files().get(0)))
        .isEqualTo(new InputFile("c", "file:/a.csv", null, 1, 2));
    assertThat(intake.files().get(0).records()).isNull();
  }

  private StageContext of(Run run) {
    StageContext context = TestNight.in(folder.resolve("root"));
    return new StageContext(
        context.spark(),
        context.storage(),
        Tables.of(context.spark(), context.storage(), run.task()),
        run,
        context.recorder(),
        TestNight.hearing(warnings));
  }

  private StageResult ingest(IngestConfig config) {
    return Ingest.run(night, config, LABELS, pending(config).files());
  }

  private Inputs pending(IngestConfig config) {
    return Inputs.pending(config, night.storage(), night.run().task(), new Configuration());
  }

  private List<IntakeRecord.IngestedFile> intake() {
    return night
        .artefacts()
        .open(Intake.folder(night.run()))
        .json(IntakeRecord.FILE_NAME, IntakeRecord.class)
        .files();
  }

  private IngestConfig config(long maxRejects, WhenChanged whenChanged) {
    return new IngestConfig(List.of(corpus("c")), 0.5, 0.05, maxRejects, 1 << 20, whenChanged);
  }

  private IngestConfig config(long maxRejects, String... corpora) {
    return new IngestConfig(
        Stream.of(corpora).map(this::corpus).toList(),
        0.5,
        0.05,
        maxRejects,
        1 << 20,
        WhenChanged.REPLACE);
  }

  private Corpus corpus(String name) {
    Corpus.Columns columns =
        new Corpus.Columns("id", null, "text", null, null, null, Map.of("mood", "mood"), List.of());
    return new Corpus(
        name,
        folder.resolve("in").toString(),
        Format.AUTO,
        null,
        null,
        null,
        null,
        null,
        columns,
        null);
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content.getBytes(StandardCharsets.UTF_8));
  }
}
