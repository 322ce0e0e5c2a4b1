package io.attune.pipeline.stage.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.CleanRows;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.split.TimeCuts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.text.DocumentText;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.pipeline.text.TextRows;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.TokenRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizeTest {
  private static final TokenizeConfig CONFIG = new TokenizeConfig(80, 6, true, 2, 8);
  private static final SplitConfig SPLIT = new SplitConfig(SplitConfig.By.HASH, 0.2, 0.2, 1, null);
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new LabelSets.Head("sentiment", List.of("negative", "positive")),
              new LabelSets.Head("topic", List.of("phone", "hotel"))));

  @TempDir Path root;

  private static CleanRows documents() {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 40; i++) {
      Map<String, String> labels = new HashMap<>();
      labels.put("sentiment", i % 2 == 0 ? "positive" : "negative");
      if (i % 3 != 0) {
        labels.put("topic", i % 3 == 1 ? "phone" : "hotel");
      }
      String text = (i % 2 == 0 ? "很好 the phone is good " : "不好 the room was bad ") + i;
      rows.add(
          "d" + i,
          Map.of(Documents.TITLE, "Title", Documents.TEXT, text, Documents.LABELS, labels));
    }
    return rows;
  }

  private static void give(StageContext night, Dataset<Row> clean) {
    night.tables().replaceRun(CleanDocuments.SCHEMA, TestNight.RUN.id(), clean);
  }

  private static Map<String, Row> rows(StageContext night) {
    Map<String, Row> rows = new HashMap<>();
    night
        .tables()
        .readRun(TokenRows.SCHEMA, TestNight.RUN.id())
        .collectAsList()
        .forEach(row -> rows.put(row.getString(0), row));
    return rows;
  }

  private static byte[] tokenizer(StageContext night) {
    return night.storage().read(TestNight.RUN.tokenizer() + "/tokenizer.json");
  }

  @Test
  void writesARowForEachDocumentAndPublishesItsTokenizer() {
    StageContext night = TestNight.in(root);
    give(night, documents().table());

    StageResult result = Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.NONE);

    Manifest manifest = night.artefacts().verify(TestNight.RUN.tokenizer());
    assertThat(manifest.provenance().inputs())
        .containsEntry(
            "clean_documents", Long.toString(night.tables().snapshot(CleanDocuments.SCHEMA)));
    assertThat(
            night.storage().readJson(TestNight.RUN.tokenizer() + "/labels.json", LabelSets.class))
        .isEqualTo(LABELS);
    assertThat(result.artefact()).isEqualTo(TestNight.RUN.tokenizer());
    assertThat(result.counts()).isEqualTo(manifest.counts()).containsEntry("rows", 40L);
    SubwordTokenizer tokenizer = SubwordTokenizer.shared(tokenizer(night));
    Map<String, Row> rows = rows(night);
    assertThat(rows).hasSize(40);
    assertThat(rows.get("d4").getList(2))
        .isEqualTo(ids(tokenizer, DocumentText.of("Title", "很好 the phone is good 4")))
        .hasSize(6);
    assertThat(rows.get("d4").getList(3)).isEqualTo(List.of(1, 0));
    assertThat(rows.get("d3").getList(3)).isEqualTo(List.of(0, TokenRows.NO_LABEL));
    assertThat(result.summary()).startsWith("40 documents, 240 tokens, vocabulary ");
  }

  @Test
  void readsLongDocumentsInWindowsAndSaysWhatIsLeftOut() {
    StageContext night = TestNight.in(root);
    CleanRows rows = documents();
    rows.add(
        "long",
        Map.of(
            Documents.TEXT, "很好 the phone is good ".repeat(9),
            Documents.DECLARED_SPLIT, "test",
            Documents.LABELS, Map.of("sentiment", "positive")));
    give(night, rows.table());
    TokenizeConfig config = CONFIG.inWindows(0.5, 3);

    StageResult result = Tokenize.run(night, config, SPLIT, LABELS, EncoderChoice.NONE);

    List<Row> windows =
        night
            .tables()
            .readRun(TokenRows.SCHEMA, TestNight.RUN.id())
            .where("id = 'long'")
            .orderBy(TokenRows.WINDOW)
            .collectAsList();
    assertThat(windows).hasSize(3);
    SubwordTokenizer tokenizer = SubwordTokenizer.shared(tokenizer(night));
    TextRows.Ids expected =
        new TextRows(tokenizer, 6, config.reading()).ids("很好 the phone is good ".repeat(9).strip());
    for (int window = 0; window < 3; window++) {
      assertThat(windows.get(window).getList(2))
          .isEqualTo(java.util.stream.IntStream.of(expected.rows().get(window)).boxed().toList())
          .hasSize(6);
      assertThat(windows.get(window).getList(3)).isEqualTo(List.of(1, TokenRows.NO_LABEL));
      assertThat(windows.get(window).getInt(5)).isEqualTo(window);
      assertThat(windows.get(window).getInt(6)).isEqualTo(3);
    }
    assertThat(result.counts())
        .containsEntry("documents", 41L)
        .containsEntry("windowsLeftOut", (long) expected.leftOut());
    assertThat(result.summary())
        .startsWith("41 documents in ")
        .contains(" windows (%d more left out by max-windows), ".formatted(expected.leftOut()));
    assertThat(
            night
                .storage()
                .readJson(TestNight.RUN.tokenizer() + "/long-texts.json", LongTexts.class))
        .isEqualTo(new LongTexts(LongTexts.Keep.WINDOWS, 0.5, 3));
  }

  @Test
  void takesTheTokenizerThatTheTaskBringsAndRecordsItsHash(@TempDir Path folder) throws Exception {
    StageContext night = TestNight.in(root);
    give(night, documents().table());
    Path file = Files.write(folder.resolve("own.json"), TestTokenizer.json());
    TokenizeConfig config = CONFIG.taking(file.toString());

    StageResult result = Tokenize.run(night, config, SPLIT, LABELS, EncoderChoice.NONE);

    assertThat(tokenizer(night)).isEqualTo(TestTokenizer.json());
    assertThat(result.counts())
        .containsEntry("vocabulary", (long) TestTokenizer.WORDS.size())
        .doesNotContainKey("words");
    assertThat(night.artefacts().manifest(TestNight.RUN.tokenizer()).provenance().inputs())
        .containsEntry("tokenizer/given", Sha256.of(TestTokenizer.json()));
    Configuration files = new Configuration();
    assertThat(Tokenize.isOutdated(night.storage(), TestNight.RUN, config, files)).isFalse();
    Files.writeString(file, " ", StandardOpenOption.APPEND);
    assertThat(Tokenize.isOutdated(night.storage(), TestNight.RUN, config, files)).isTrue();
    assertThat(Tokenize.isOutdated(night.storage(), TestNight.RUN, CONFIG, files)).isFalse();
  }

  @Test
  void refusesATokenizerThatIsNotThereOrNoneAndSaysWhatToDo(@TempDir Path folder) throws Exception {
    StageContext night = TestNight.in(root);
    give(night, documents().table());
    Path none = Files.writeString(folder.resolve("none.json"), "{\"a\": 1}");

    assertThatThrownBy(() -> run(night, CONFIG.taking(folder.resolve("gone.json").toString())))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("gone.json', and there is no such file; correct the path");
    assertThatThrownBy(() -> run(night, CONFIG.taking(none.toString())))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("none.json', which is not a tokenizer: These 8 bytes");
  }

  private static void run(StageContext night, TokenizeConfig config) {
    var unused = Tokenize.run(night, config, SPLIT, LABELS, EncoderChoice.NONE);
  }

  private static List<Integer> ids(SubwordTokenizer tokenizer, String text) {
    return java.util.stream.IntStream.of(tokenizer.encode(text, CONFIG.maxTokens()).ids())
        .boxed()
        .toList();
  }

  @Test
  void givesTheSameBytesWhateverTheOrderAndThePartitions(@TempDir Path other) {
    StageContext one = TestNight.in(root);
    StageContext two = TestNight.in(other);
    give(one, documents().table());
    give(two, documents().reversed(5));

    Tokenize.run(one, CONFIG, SPLIT, LABELS, EncoderChoice.NONE);
    Tokenize.run(two, CONFIG, SPLIT, LABELS, EncoderChoice.NONE);

    assertThat(tokenizer(two)).isEqualTo(tokenizer(one));
    assertThat(rows(two)).isEqualTo(rows(one));
  }

  @Test
  void learnsFromTheTrainSplitAlone() {
    StageContext night = TestNight.in(root);
    CleanRows rows = documents();
    for (int i = 0; i < 20; i++) {
      rows.add("t" + i, Map.of(Documents.TEXT, "ЖЖЖ", Documents.DECLARED_SPLIT, "test"));
    }
    give(night, rows.table());

    Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.NONE);

    SubwordTokenizer tokenizer = SubwordTokenizer.shared(tokenizer(night));
    assertThat(tokenizer.encode("Ж", 5).ids()).containsExactly(tokenizer.unknown());
    assertThat(rows(night).get("t0").getString(1)).isEqualTo("test");
  }

  @Test
  void encodesTextWithoutLabelsForAStudentAlone(@TempDir Path other) {
    CleanRows rows = documents();
    for (int i = 0; i < 100; i++) {
      rows.add("u" + i, Map.of(Documents.DECLARED_SPLIT, "train"));
      rows.add("empty" + i, Map.of(Documents.LABELS, Map.of(), Documents.DECLARED_SPLIT, "train"));
    }
    StageContext night = TestNight.in(root);
    StageContext student = TestNight.in(other);
    give(night, rows.table());
    give(student, rows.table());

    StageResult alone = Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.NONE);
    StageResult taught = Tokenize.runForStudent(student, CONFIG, SPLIT, LABELS);

    assertThat(rows(night)).hasSize(40).doesNotContainKeys("u7", "empty7");
    assertThat(alone.counts())
        .containsEntry("documents", 40L)
        .containsEntry("rows", 40L)
        .containsEntry("documentsWithoutLabel", 200L);
    assertThat(alone.summary())
        .startsWith("40 documents, ")
        .endsWith("; left out 200 without labels, from which only a student learns (model.distil)");
    assertThat(rows(student)).hasSize(240).containsKeys("u7", "empty7");
    assertThat(rows(student).get("u7").getList(3))
        .isEqualTo(List.of(TokenRows.NO_LABEL, TokenRows.NO_LABEL));
    assertThat(taught.counts()).doesNotContainKey("documentsWithoutLabel");
  }

  @Test
  void readsTheDocumentsOfEveryRun() {
    StageContext night = TestNight.in(root);
    give(night, documents().table());
    Map<String, Object> fields =
        Map.of(Documents.RUN, "2026-01-01.1", Documents.LABELS, Map.of("topic", "phone"));
    night
        .tables()
        .replaceRun(
            CleanDocuments.SCHEMA, "2026-01-01.1", new CleanRows().add("old", fields).table());

    StageResult result = Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.NONE);

    assertThat(result.counts()).containsEntry("rows", 41L);
    assertThat(rows(night).get("old").getString(4)).isEqualTo(TestNight.RUN.id());
  }

  @Test
  void refusesASecondTimeAndRepeatsARunThatPublishedNothing() {
    StageContext night = TestNight.in(root);
    give(night, documents().table());
    StageContext crashed = TestNight.in(root);
    crashed
        .tables()
        .replaceRun(
            TokenRows.SCHEMA,
            TestNight.RUN.id(),
            TestNight.spark()
                .createDataFrame(
                    List.of(
                        org.apache.spark.sql.RowFactory.create(
                            "left over",
                            "train",
                            new int[] {1},
                            new int[] {0},
                            TestNight.RUN.id(),
                            0,
                            1,
                            0,
                            0)),
                    TokenRows.SCHEMA.columns()));

    Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.NONE);

    assertThat(rows(night)).hasSize(40).doesNotContainKey("left over");
    assertThatThrownBy(() -> Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.NONE))
        .isInstanceOf(Failure.AlreadyPublished.class);
  }

  @Test
  void timeCutsOfTheRunBeforeAreKeptAndThoseOfThisRunPublished() {
    StageContext night = TestNight.in(root);
    give(night, dated("2026-01-01").table());
    SplitConfig byTime = new SplitConfig(SplitConfig.By.TIME, 0.2, 0.2, 1, null);
    Tokenize.run(night, CONFIG, byTime, LABELS, EncoderChoice.NONE);
    TimeCuts first = cuts(night);

    StageContext next =
        new StageContext(
            night.spark(),
            night.storage(),
            night.tables(),
            Run.parse("test", "2026-01-03.1"),
            night.recorder(),
            night.progress());
    next.tables()
        .replaceRun(
            CleanDocuments.SCHEMA,
            next.run().id(),
            dated("2020-01-01")
                .table()
                .withColumn("run", functions.lit(next.run().id()))
                .withColumn("id", functions.concat(functions.col("id"), functions.lit("-old")))
                .withColumn("text_hash", functions.col("id")));
    Tokenize.run(next, CONFIG, byTime, LABELS, EncoderChoice.NONE);

    assertThat(cuts(next)).isEqualTo(first);
  }

  private static TimeCuts cuts(StageContext night) {
    return night.artefacts().open(night.run().tokenizer()).json(TimeCuts.FILE_NAME, TimeCuts.class);
  }

  private static CleanRows dated(String from) {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 40; i++) {
      Map<String, String> labels =
          Map.of(
              "sentiment",
              i % 2 == 0 ? "positive" : "negative",
              "topic",
              i % 4 < 2 ? "phone" : "hotel");
      rows.add(
          "d" + i,
          Map.of(
              Documents.LABELS,
              labels,
              Documents.PUBLISHED_AT,
              Instant.parse(from + "T00:00:00Z").plusSeconds(86_400L * i)));
    }
    return rows;
  }

  @Test
  void refusesACopyInAnotherSplit() {
    refuses(
        documents()
            .add("a", Map.of(CleanDocuments.TEXT_HASH, "h", Documents.DECLARED_SPLIT, "train"))
            .add("b", Map.of(CleanDocuments.TEXT_HASH, "h", Documents.DECLARED_SPLIT, "test")),
        SPLIT,
        "Documents with the same text are in different splits",
        "'b' in test and 'a' in train");
  }

  private void refuses(CleanRows rows, SplitConfig split, String... words) {
    StageContext night = TestNight.in(root);
    give(night, rows.table());
    assertThatThrownBy(() -> Tokenize.run(night, CONFIG, split, LABELS, EncoderChoice.NONE))
        .isInstanceOf(Failure.BadInput.class)
        .satisfies(failure -> assertThat(failure.getMessage()).contains(words));
    assertThat(night.storage().exists(TestNight.RUN.tokenizer())).isFalse();
  }

  @Test
  void refusesAClassWithoutRowsInTrainNamingHeadClassAndCounts() {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 30; i++) {
      String label = i % 2 == 0 ? "phone" : "hotel";
      rows.add("d" + i, Map.of(Documents.LABELS, Map.of("topic", label, "sentiment", "positive")));
    }
    rows.add(
        "t",
        Map.of(
            Documents.LABELS, Map.of("sentiment", "negative"), Documents.DECLARED_SPLIT, "test"));

    refuses(
        rows,
        SPLIT,
        "The train split, divided by hash, holds no row of head 'sentiment', class 'negative':"
            + " train 0, validation 0, test 1 rows",
        "add documents with that label");
  }

  @Test
  void refusesAnEmptySplitNamingTheCounts() {
    refuses(
        documents(),
        new SplitConfig(SplitConfig.By.HASH, 0.2, 0, 1, null),
        "The test split is empty: train ",
        "test 0 rows, divided by hash with split.validation=0.2 and split.test=0.0",
        "raise split.test");
  }

  @Test
  void refusesALabelThatTheConfigurationDoesNotName() {
    refuses(
        documents().add("x", Map.of(Documents.LABELS, Map.of("sentiment", "mixed"))),
        SPLIT,
        "the label 'mixed' of head 'sentiment'",
        "add it to the label set");
  }

  @Test
  void refusesToLearnFromNothing() {
    StageContext night = TestNight.in(root);
    assertThatThrownBy(() -> Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.NONE))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("no table 'clean_documents'");
  }

  @Test
  void refusesAnImpossibleConfiguration() {
    assertThatThrownBy(() -> new TokenizeConfig(8, 6, true, 2, 8))
        .hasMessage("vocabulary must be in [16, 1000000], got 8");
    assertThatThrownBy(() -> new TokenizeConfig(80, 0, true, 2, 8))
        .hasMessage("max-tokens must be in [1, 100000], got 0");
    assertThatThrownBy(() -> new TokenizeConfig(80, 6, true, 0, 8))
        .hasMessageContaining("min-frequency must be at least 1, got 0");
    assertThatThrownBy(() -> new TokenizeConfig(80, 6, true, 2, 65))
        .hasMessage("max-token-characters must be in [1, 64], got 65");
  }
}
