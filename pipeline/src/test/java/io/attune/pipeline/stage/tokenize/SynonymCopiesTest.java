package io.attune.pipeline.stage.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.CleanRows;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.stage.tokenize.TokenizeConfig.SynonymCopies;
import io.attune.schemas.Sha256;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.RunSynonyms;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the rows of copies with synonyms that the stage writes. */
class SynonymCopiesTest {
  private static final SplitConfig SPLIT = new SplitConfig(SplitConfig.By.HASH, 0.2, 0.2, 1, null);
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("mood", List.of("bad", "good"))));

  @TempDir Path root;
  @TempDir Path folder;
  private TokenizeConfig config;

  @BeforeEach
  void writeList() throws IOException {
    Path list = Files.writeString(folder.resolve("list.txt"), "good,fine,nice\n房间,客房\n");
    config =
        new TokenizeConfig(80, 6, true, 2, 8).copying(new SynonymCopies(list.toString(), 1, 2, 1));
  }

  private static CleanRows documents() {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 40; i++) {
      Map<String, String> labels = Map.of("mood", i % 2 == 0 ? "good" : "bad");
      String text = (i % 2 == 0 ? "the phone is good 房间 " : "it was bad ") + i;
      rows.add("d" + i, Map.of(Documents.TEXT, text, Documents.LABELS, labels));
    }
    return rows;
  }

  /** Adds a document to train on whose id is {@code long}. */
  private static CleanRows documentsAndLong(String text) {
    CleanRows rows = documents();
    rows.add(
        "long",
        Map.of(
            Documents.TEXT,
            text,
            Documents.DECLARED_SPLIT,
            "train",
            Documents.LABELS,
            Map.of("mood", "good")));
    return rows;
  }

  private StageResult run(StageContext night, Dataset<Row> clean, TokenizeConfig with) {
    night.tables().replaceRun(CleanDocuments.SCHEMA, TestNight.RUN.id(), clean);
    return Tokenize.run(night, with, SPLIT, LABELS, EncoderChoice.NONE);
  }

  private static List<Row> rows(StageContext night) {
    return night
        .tables()
        .readRun(TokenRows.SCHEMA, TestNight.RUN.id())
        .orderBy(TokenRows.ID, TokenRows.WINDOW)
        .collectAsList();
  }

  @Test
  void copiesDocumentsOfTheTrainSplitAloneAndRecordsTheList() throws IOException {
    StageContext night = TestNight.in(root);

    StageResult result = run(night, documents().table(), config);

    List<Row> rows = rows(night);
    long copies = rows.stream().filter(row -> row.getInt(8) > 0).count();
    assertThat(copies).isGreaterThan(10);
    assertThat(rows).hasSize(40 + (int) copies);
    for (Row row : rows) {
      boolean isCopy = row.getInt(5) > 0;
      boolean isCopied = row.getInt(6) > 1;
      int number = Integer.parseInt(row.getString(0).substring(1));
      assertThat(isCopied).isEqualTo(row.getString(1).equals("train") && number % 2 == 0);
      assertThat(row.getInt(8)).isEqualTo(isCopy ? 2 : 0);
      assertThat(row.getList(2)).hasSizeLessThanOrEqualTo(6);
    }
    byte[] list = Files.readAllBytes(folder.resolve("list.txt"));
    String folderOfRun = TestNight.RUN.tokenizer();
    assertThat(
            night.storage().readJson(folderOfRun + "/" + RunSynonyms.FILE_NAME, RunSynonyms.class))
        .isEqualTo(new RunSynonyms(Sha256.of(list), 2, 1, 2, copies, 2 * copies));
    assertThat(night.artefacts().manifest(folderOfRun).provenance().inputs())
        .containsEntry("tokenizer/synonyms", Sha256.of(list));
    assertThat(result.counts()).containsEntry("documents", 40L).containsEntry("copies", copies);
    assertThat(result.summary())
        .startsWith(
            "40 documents and %d copies with %d words replaced by synonyms, "
                .formatted(copies, 2 * copies));
  }

  @Test
  void aDocumentWhoseWordsAreWhereItIsNotReadHasNoCopy() {
    StageContext night = TestNight.in(root);
    CleanRows documents =
        documentsAndLong("it was bad 1 it was bad 2 good it was bad 3 it was bad 4");

    run(night, documents.table(), config);

    assertThat(rows(night).stream().filter(row -> row.getString(0).equals("long"))).hasSize(1);
  }

  @Test
  void givesTheSameRowsWhateverTheOrderAndThePartitions(@TempDir Path other) {
    StageContext one = TestNight.in(root);
    StageContext two = TestNight.in(other);

    run(one, documents().table(), config);
    run(two, documents().reversed(5), config);

    assertThat(rows(two)).isEqualTo(rows(one));
  }

  @Test
  void theWindowsOfCopiesFollowThoseOfTheirDocument() {
    StageContext night = TestNight.in(root);
    CleanRows documents = documentsAndLong("the phone is good ".repeat(4));

    StageResult result = run(night, documents.table(), config.inWindows(0, 8));

    List<Row> rows = rows(night).stream().filter(row -> row.getString(0).equals("long")).toList();
    assertThat(rows).hasSizeGreaterThan(5);
    for (int row = 0; row < rows.size(); row++) {
      assertThat(rows.get(row).getInt(5)).isEqualTo(row);
      assertThat(rows.get(row).getInt(6)).isEqualTo(rows.size());
    }
    assertThat(rows.subList(0, 2)).allMatch(row -> row.getInt(8) == 0);
    assertThat(rows.stream().mapToInt(row -> row.getInt(8)).filter(words -> words > 0))
        .containsExactly(4, 4); // in the first row of each copy
    assertThat(result.counts()).containsEntry("documents", 41L);
  }

  @Test
  void aRunIsOutdatedIfTheListHasChanged() throws IOException {
    StageContext night = TestNight.in(root);
    run(night, documents().table(), config);
    Configuration files = new Configuration();

    assertThat(Tokenize.isOutdated(night.storage(), TestNight.RUN, config, files)).isFalse();
    Files.writeString(folder.resolve("list.txt"), "bad,poor\n", StandardOpenOption.APPEND);
    assertThat(Tokenize.isOutdated(night.storage(), TestNight.RUN, config, files)).isTrue();
  }
}
