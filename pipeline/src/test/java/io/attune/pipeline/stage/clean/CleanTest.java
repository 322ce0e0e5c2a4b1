package io.attune.pipeline.stage.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.copies.Copies;
import io.attune.pipeline.copies.CopiesConfig;
import io.attune.pipeline.stage.clean.CleanConfig.Personal;
import io.attune.pipeline.stage.clean.CleanConfig.Urls;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.TextChanges;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanTest {
  private static final CleanConfig CONFIG = config(0);

  @TempDir Path folder;

  @Test
  void judgesEachDocumentByItsText() {
    Dataset<Row> validated =
        Clean.validate(
            rows(
                row("1", "A <b>bold</b> move &amp; more", null),
                row("2", "!!! ?", null),
                row("3", "x".repeat(101), null),
                row("4", "bad \uFFFD\uFFFD\uFFFD bytes", null),
                row("5", "a  bold\u00A0move\u200B", null)),
            CONFIG);

    assertThat(reasons(validated))
        .containsExactly("1:null", "2:too-short", "3:too-long", "4:broken-encoding", "5:null");
    assertThat(validated.orderBy(Documents.ID).collectAsList())
        .extracting(row -> row.<String>getAs(Documents.TEXT))
        .contains("A bold move & more", "a bold move");
  }

  @Test
  void ofTwoWithOneTextTheDeclaredTestDocumentThenTheEarliestStays() {
    List<String> reasons =
        judged(
            row("1", "Same text", "2026-01-01 00:00:00"),
            row("2", "Same  text", "2025-01-01 00:00:00"),
            withSplit(row("3", "<p>Same text</p>", "2026-01-03 00:00:00"), "test"),
            row("4", "Other text", "2026-01-02 00:00:00"),
            row("5", "Other text", "2026-01-01 00:00:00"));

    assertThat(reasons)
        .containsExactly("1:duplicate", "2:duplicate", "3:null", "4:duplicate", "5:null");
  }

  @Test
  void ofTwoWithOneTextTheLabelledStaysAndAnUnlabelledTextOfItsOwnIsKept() {
    List<String> reasons =
        judged(
            row("1", "Same text", "2025-01-01 00:00:00"),
            replaced(row("2", "Same text", "2026-01-01 00:00:00"), 7, Map.of("topic", "phones")),
            row("3", "Text without labels", null));

    assertThat(reasons).containsExactly("1:duplicate", "2:null", "3:null");
  }

  @Test
  void whatAnEarlierRunHasIsRejectedAndASecondPassChangesNothing() {
    StageContext night = TestNight.in(folder);
    Tables tables = night.tables();
    tables.replaceRun(
        Documents.SCHEMA,
        "2026-01-01.1",
        rows(
            inRun(row("1", "First text", null), "2026-01-01.1"),
            inRun(row("0", "Old text", null), "2026-01-01.1")));
    StageContext first =
        new StageContext(
            night.spark(),
            night.storage(),
            tables,
            Run.parse("test", "2026-01-01.1"),
            night.recorder(),
            night.progress());
    tables.replaceRun(
        Rejects.SCHEMA,
        "2026-01-01.1",
        night.spark().createDataFrame(List.of(), Rejects.SCHEMA.columns()));
    Clean.run(first, CONFIG);
    tables.replaceRun(
        Documents.SCHEMA,
        night.run().id(),
        rows(row("2", "OLD  text!", null), row("1", "Another text", null), row("3", "New", null)));

    StageResult once = Clean.run(night, CONFIG);
    StageResult twice = Clean.run(night, CONFIG);

    assertThat(once.counts()).containsEntry("documents", 2L).containsEntry("rejected", 1L);
    assertThat(twice).isEqualTo(once);
    assertThat(tables.read(CleanDocuments.SCHEMA).count()).isEqualTo(4);
    assertThat(tables.read(Rejects.SCHEMA).orderBy(Rejects.REASON).collectAsList())
        .extracting(row -> row.<String>getAs(Rejects.DETAIL))
        .containsExactly(
            "the same text as document 0 of run 2026-01-01.1",
            "document 1 of run 2026-01-01.1 is corrected by file, line 1");
  }

  private List<String> judged(Row... rows) {
    Dataset<Row> validated = Clean.validate(Copies.prepared(rows(rows)), CONFIG);
    try (Copies copies =
        Copies.of(TestNight.in(folder).tables(), "run", validated, CONFIG.copies())) {
      return reasons(copies.judged(List.of(Documents.ID, Documents.LINE)));
    }
  }

  @Test
  void corpusThatIsMostlyUnreadableEndsTheStageAndSaysWhatToDo() {
    StageContext night = TestNight.in(folder);
    prepare(
        night,
        row("1", "Fine", null),
        replaced(row("2", "\uFFFD\uFFFD bad", null), 12, 7L),
        replaced(row("3", "\uFFFD\uFFFD worse", null), 12, 5L),
        replaced(row("4", "!", null), 12, 2L),
        row("5", "Fine", null));

    assertThatThrownBy(() -> Clean.run(night, CONFIG))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Corpus 'c' is not fit for training as it is: 3 of 5 documents were rejected, most as"
                + " broken-encoding, the first of these in 'file', line 5: 25.0 % of its characters"
                + " could not be decoded; set corpora.encoding to the encoding of its files, such"
                + " as GB18030 or windows-1252, or raise clean.max-rejected-share");
    assertThat(night.tables().exists(CleanDocuments.SCHEMA)).isFalse();
  }

  @Test
  void duplicatesAreNoRejectsForTheShare() {
    StageContext night = TestNight.in(folder);
    prepare(
        night,
        row("1", "Same", null),
        row("2", "Same", null),
        row("3", "Same", null),
        row("4", "?", null));

    StageResult result = Clean.run(night, CONFIG);

    assertThat(result.counts()).containsEntry("documents", 1L).containsEntry("rejected", 3L);
  }

  @Test
  void whatChangedIsCountedByCorpusAndTheDocumentsKeepTheOriginal() {
    StageContext night = TestNight.in(folder);
    prepare(
        night,
        replaced(row("1", "A <b>bold</b> move", null), 12, 9L),
        replaced(row("2", "<i>Mail</i> me@example.com or you@example.com", null), 12, 3L),
        replaced(row("3", "<NVS.N> up\u200b", null), 1, "d"));

    StageResult result = Clean.run(night, config(0));

    assertThat(result.summary())
        .isEqualTo("3 documents kept, 0 rejected; changed: 4 tags, 1 invisible, 2 email");
    assertThat(result.counts()).containsEntry("tags", 4L).containsEntry("email", 2L);
    assertThat(changes(night))
        .containsExactly("c email 1 2 null", "c tags 2 4 <i>", "d invisible 1 1 U+200B");
    assertThat(night.tables().read(Documents.SCHEMA).orderBy(Documents.ID).collectAsList())
        .extracting(row -> row.<String>getAs(Documents.TEXT))
        .contains("A <b>bold</b> move");
    assertThat(night.tables().read(CleanDocuments.SCHEMA).orderBy(Documents.ID).collectAsList())
        .extracting(row -> row.<String>getAs(Documents.TEXT))
        .containsExactly("A bold move", "Mail [EMAIL] or [EMAIL]", "<NVS.N> up");
  }

  @Test
  void linesOfManyDocumentsOfASourceAreRemovedUnlessNothingElseIsLeft() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String notice = i < 11 ? "\nSubscribe now.\n" : i == 11 ? "\nRead on." : "";
      rows.add(row("a" + i, "Text " + i + notice, null));
    }
    rows.add(row("a98", "Subscribe now.", null));
    rows.add(row("a99", "Text of a line\nRead on.", null));
    for (int i = 0; i < 19; i++) {
      rows.add(replaced(row("b" + i, "Note " + i + "\nSubscribe now.", null), 1, "few"));
    }
    StageContext night = TestNight.in(folder);
    prepare(night, rows.toArray(Row[]::new));

    Clean.run(night, config(0.4));

    assertThat(changes(night)).containsExactly("c boilerplate 11 11 Subscribe now.");
    assertThat(night.tables().read(CleanDocuments.SCHEMA).orderBy(Documents.ID).collectAsList())
        .extracting(row -> row.<String>getAs(Documents.TEXT))
        .contains("Text 3", "Text 11 Read on.", "Subscribe now.", "Note 3 Subscribe now.")
        .doesNotContain("Text 3 Subscribe now.");
  }

  private static void prepare(StageContext night, Row... documents) {
    night.tables().replaceRun(Documents.SCHEMA, night.run().id(), rows(documents));
    night
        .tables()
        .replaceRun(
            Rejects.SCHEMA,
            night.run().id(),
            night.spark().createDataFrame(List.of(), Rejects.SCHEMA.columns()));
  }

  private static List<String> changes(StageContext night) {
    return night
        .tables()
        .readRun(TextChanges.SCHEMA, night.run().id())
        .orderBy(TextChanges.CORPUS, TextChanges.CHANGE)
        .collectAsList()
        .stream()
        .map(row -> row.mkString(" ").substring(night.run().id().length() + 1))
        .toList();
  }

  private static CleanConfig config(double boilerplateShare) {
    return new CleanConfig(
        1,
        100,
        0.1,
        0.5,
        Urls.KEEP,
        List.of(Personal.EMAIL),
        boilerplateShare,
        new CopiesConfig(CopiesConfig.Near.DROP, 0.8, 0.9, 1000));
  }

  private static List<String> reasons(Dataset<Row> validated) {
    return validated.orderBy(Documents.ID).collectAsList().stream()
        .map(row -> row.getAs(Documents.ID) + ":" + row.getAs("reject_reason"))
        .toList();
  }

  private static Dataset<Row> rows(Row... rows) {
    return TestNight.spark().createDataFrame(Arrays.asList(rows), Documents.SCHEMA.columns());
  }

  private static Row row(String id, String text, String publishedAt) {
    Object[] values = new Object[Documents.SCHEMA.columns().size()];
    values[0] = id;
    values[1] = "c";
    values[3] = publishedAt == null ? null : Timestamp.valueOf(publishedAt);
    values[6] = text;
    values[10] = TestNight.RUN.id();
    values[11] = "file";
    values[12] = 1L;
    return RowFactory.create(values);
  }

  private static Row withSplit(Row row, String split) {
    return replaced(row, 8, split);
  }

  private static Row inRun(Row row, String run) {
    return replaced(row, 10, run);
  }

  private static Row replaced(Row row, int at, Object value) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == at ? value : row.get(i);
    }
    return RowFactory.create(values);
  }

  @Test
  void warnsWhereMostDocumentsAreNearCopies() {
    List<String> warnings = new ArrayList<>();
    StageContext night = TestNight.listening(folder, warnings);
    String notice =
        "The office of our company will be closed on the coming holiday and open again on day ";
    prepare(
        night, row("1", notice + 1, null), row("2", notice + 2, null), row("3", notice + 3, null));

    Clean.run(night, CONFIG);

    assertThat(warnings).singleElement().asString().contains("2 of 3", "clean.copies.near: keep");
  }
}
