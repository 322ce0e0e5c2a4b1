package io.attune.pipeline.stage.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.storage.InProcessHdfs;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.model.RunLanguages;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardRows;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardTest {
  private static final ShardConfig CONFIG = new ShardConfig(8192, 3);
  private static final String DATASET = TestNight.RUN.dataset();
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("sentiment", List.of("negative", "positive"))));
  private static final String TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"},
       "model": {"type": "WordLevel", "unk_token": "u", "vocab": {"u": 0, "v": 999}}}
      """;

  @TempDir Path root;

  /** Returns rows of 1 to 70 tokens: 400 to train, 60 to validate, 40 to test. */
  private static List<Row> tokenRows() {
    Random random = new Random(11);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      int[] tokens = random.ints(1 + random.nextInt(70), 0, 1000).toArray();
      String split = i < 400 ? "train" : i < 460 ? "validation" : "test";
      int[] labels = {i % 3 - 1};
      rows.add(RowFactory.create("id-" + i, split, tokens, labels, TestNight.RUN.id(), 0, 1, 0, 0));
    }
    return rows;
  }

  private static Dataset<Row> table(List<Row> rows, int partitions) {
    return TestNight.spark()
        .createDataFrame(rows, TokenRows.SCHEMA.columns())
        .repartition(partitions);
  }

  private static void give(StageContext night, Dataset<Row> rows) {
    give(night, rows, Map.of());
  }

  private static void give(StageContext night, Dataset<Row> rows, Map<String, byte[]> more) {
    night.tables().replaceRun(TokenRows.SCHEMA, TestNight.RUN.id(), rows);
    night
        .artefacts()
        .publish(
            TestNight.RUN.tokenizer(),
            night.recorder().record("tokenize", Map.of("clean_documents", "77")),
            staging -> {
              staging.write("tokenizer.json", TOKENIZER.getBytes(StandardCharsets.UTF_8));
              staging.write("labels.json", Json.pretty(LABELS));
              for (Map.Entry<String, byte[]> file : more.entrySet()) {
                staging.write(file.getKey(), file.getValue());
              }
              return Map.of();
            });
  }

  private static ShardIndex index(StageContext night) {
    return night.storage().readJson(DATASET + "/index.json", ShardIndex.class);
  }

  private static List<Row> read(StageContext night, ShardIndex.Shard shard) {
    return TestNight.spark()
        .read()
        .parquet(night.storage().resolve(DATASET + "/" + shard.file()).toString())
        .coalesce(1)
        .collectAsList();
  }

  private static Map<String, String> hashes(StageContext night) {
    Map<String, String> hashes = new TreeMap<>();
    index(night).shards().forEach(shard -> hashes.put(shard.file(), shard.sha256()));
    return hashes;
  }

  @Test
  void everyRowIsInOneShardOfItsSplitAndTheIndexSaysWhatIsInTheFiles() {
    StageContext night = TestNight.in(root);
    give(night, table(tokenRows(), 3));

    StageResult result = Shard.run(night, CONFIG);

    requireWhole(night);
    assertThat(result.artefact()).isEqualTo(DATASET);
    assertThat(result.counts())
        .containsEntry("rows", 500L)
        .containsEntry("rows.train", 400L)
        .containsEntry("shards", (long) index(night).shards().size());
    assertThat(index(night).of(Split.TRAIN).size()).isGreaterThan(3);
  }

  @Test
  void countsADocumentOnceThatIsSeveralRows() {
    StageContext night = TestNight.in(root);
    List<Row> rows = new ArrayList<>();
    for (int document = 0; document < 30; document++) {
      String split = document < 20 ? "train" : document < 25 ? "validation" : "test";
      int windows = 1 + document % 3;
      for (int window = 0; window < windows; window++) {
        rows.add(
            RowFactory.create(
                "id-" + document,
                split,
                new int[] {document, window},
                new int[] {document % 2},
                TestNight.RUN.id(),
                window,
                windows,
                0,
                0));
      }
    }
    LongTexts windows = new LongTexts(LongTexts.Keep.WINDOWS, 0, 3);
    give(night, table(rows, 3), Map.of(LongTexts.FILE_NAME, Json.pretty(windows)));

    Shard.run(night, CONFIG);

    ShardIndex index = index(night);
    assertThat(index.rows(Split.TRAIN)).isEqualTo(39);
    assertThat(index.texts(Split.TRAIN)).isEqualTo(20);
    assertThat(index.texts(Split.TEST)).isEqualTo(5);
    assertThat(index.labelCounts().get("train").get("sentiment"))
        .isEqualTo(Map.of("negative", 10L, "positive", 10L));
    List<Row> read = read(night, index.of(Split.TRAIN).get(0));
    assertThat(read.get(0).schema().fieldNames())
        .containsExactly("id", "tokens", "labels", "window", "windows");
    for (int row = 1; row < read.size(); row++) {
      if (read.get(row).getInt(3) > 0) { // windows stand in order, one after the other
        assertThat(read.get(row).getString(0)).isEqualTo(read.get(row - 1).getString(0));
        assertThat(read.get(row).getInt(3)).isEqualTo(read.get(row - 1).getInt(3) + 1);
      }
    }
    assertThat(night.storage().readJson(DATASET + "/long-texts.json", LongTexts.class))
        .isEqualTo(windows);
  }

  @Test
  void theSameNightOnHdfsGivesTheSameShards(@TempDir Path dfs) throws IOException {
    StageContext local = TestNight.in(root);
    give(local, table(tokenRows(), 3));
    Shard.run(local, CONFIG);
    try (InProcessHdfs hdfs = new InProcessHdfs(dfs)) {
      StageContext night = TestNight.on(hdfs.root(), hdfs.configuration());
      give(night, table(tokenRows(), 3));

      Shard.run(night, CONFIG);

      requireWhole(night);
      assertThat(hashes(night)).isEqualTo(hashes(local));
      assertThat(night.storage().list("datasets/test")).containsExactly(TestNight.RUN.id());
    }
  }

  /** Compares every file with the index, and all files together with the table. */
  private static void requireWhole(StageContext night) {
    Manifest manifest = night.artefacts().verify(DATASET);
    assertThat(manifest.provenance().inputs())
        .containsKeys("clean_documents", "tokens", "tokenizer");
    ShardIndex index = index(night);
    List<String> files = new ArrayList<>(List.of("index.json", "labels.json", "tokenizer.json"));
    index.shards().forEach(shard -> files.add(shard.file()));
    assertThat(manifest.files().stream().map(Manifest.FileEntry::path))
        .containsExactlyInAnyOrderElementsOf(files);
    Map<String, List<?>> found = new HashMap<>();
    Map<String, Map<String, Long>> labels = new HashMap<>();
    for (ShardIndex.Shard shard : index.shards()) {
      List<Row> rows = read(night, shard);
      assertThat(rows.get(0).schema().fieldNames()).containsExactly("id", "tokens", "labels");
      assertThat(shard.rows()).isEqualTo(rows.size());
      assertThat(shard.file()).startsWith("shards/" + shard.split().word() + "-0000");
      assertThat(shard.tokens())
          .isEqualTo(rows.stream().mapToLong(row -> row.getList(1).size()).sum());
      assertThat(shard.lengths()).isEqualTo(lengths(rows));
      assertThat(manifest.files())
          .contains(new Manifest.FileEntry(shard.file(), shard.bytes(), shard.sha256()));
      for (Row row : rows) {
        assertThat(
                found.put(
                    row.getString(0),
                    List.of(shard.split().word(), row.getList(1), row.getList(2))))
            .isNull();
        int label = row.<Integer>getList(2).get(0);
        if (label >= 0) {
          labels
              .computeIfAbsent(shard.split().word(), split -> new HashMap<>())
              .merge(LABELS.heads().get(0).classes().get(label), 1L, Long::sum);
        }
      }
    }
    Map<String, List<?>> expected = new HashMap<>();
    night
        .tables()
        .readRun(TokenRows.SCHEMA, TestNight.RUN.id())
        .collectAsList()
        .forEach(
            row ->
                expected.put(
                    row.getString(0), List.of(row.getString(1), row.getList(2), row.getList(3))));
    assertThat(found).isEqualTo(expected).hasSize(500);
    labels.forEach(
        (split, counts) ->
            assertThat(index.labelCounts().get(split).get("sentiment")).isEqualTo(counts));
    assertThat(index.documents()).isEqualTo(77);
    assertThat(index.vocabulary()).isEqualTo(1000);
    assertThat(index.maxTokens())
        .isEqualTo(
            found.values().stream()
                .mapToInt(row -> ((List<?>) row.get(1)).size())
                .max()
                .orElseThrow());
  }

  private static Map<Integer, Long> lengths(List<Row> rows) {
    Map<Integer, Long> lengths = new HashMap<>();
    for (Row row : rows) {
      int bound = 16;
      while (bound < row.getList(1).size()) {
        bound *= 2;
      }
      lengths.merge(bound, 1L, Long::sum);
    }
    return lengths;
  }

  @Test
  void givesTheSameBytesWhateverTheOrderAndThePartitions(@TempDir Path other) {
    StageContext one = TestNight.in(root);
    StageContext two = TestNight.in(other);
    List<Row> reversed = tokenRows();
    Collections.reverse(reversed);
    give(one, table(tokenRows(), 1));
    give(two, table(reversed, 7));

    Shard.run(one, CONFIG);
    Shard.run(two, CONFIG);

    assertThat(hashes(two)).isEqualTo(hashes(one));
  }

  @Test
  void shufflesAndAnotherSeedShufflesOtherwise(@TempDir Path other) {
    StageContext one = TestNight.in(root);
    StageContext two = TestNight.in(other);
    give(one, table(tokenRows(), 2));
    give(two, table(tokenRows(), 2));

    Shard.run(one, new ShardConfig(1 << 20, 3));
    Shard.run(two, new ShardConfig(1 << 20, 4));

    List<String> first = ids(one);
    assertThat(first)
        .hasSize(400)
        .isNotEqualTo(ids(two))
        .containsExactlyInAnyOrderElementsOf(ids(two));
    long inPlace = 0;
    for (int i = 0; i < 400; i++) {
      inPlace += first.get(i).equals("id-" + i) ? 1 : 0;
    }
    assertThat(inPlace).isLessThan(10); // about 1 in a random order
  }

  private static List<String> ids(StageContext night) {
    return read(night, index(night).of(Split.TRAIN).get(0)).stream()
        .map(row -> row.<String>getAs(ShardRows.ID))
        .toList();
  }

  @Test
  void refusesASecondTime() {
    StageContext night = TestNight.in(root);
    give(night, table(tokenRows(), 2));
    Shard.run(night, CONFIG);

    assertThatThrownBy(() -> Shard.run(night, CONFIG)).isInstanceOf(Failure.AlreadyPublished.class);
  }

  @Test
  void refusesATokenizerWithAFlippedByteOrNone() throws IOException {
    StageContext night = TestNight.in(root);
    assertThatThrownBy(() -> Shard.run(night, CONFIG))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("No such file")
        .hasMessageContaining("run the stage that publishes it first");
    give(night, table(tokenRows(), 2));
    Path file = root.resolve(TestNight.RUN.tokenizer()).resolve("tokenizer.json");
    byte[] bytes = Files.readAllBytes(file);
    bytes[20] ^= 1;
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling(".tokenizer.json.crc"));

    assertThatThrownBy(() -> Shard.run(night, CONFIG))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is damaged");
    assertThat(night.storage().exists(DATASET)).isFalse();
  }

  @Test
  void refusesATinyTarget() {
    assertThatThrownBy(() -> new ShardConfig(10, 1))
        .hasMessage("target-bytes must be at least 1024, got 10");
  }

  @Test
  void copiesTheEncoderOfTheRunAndTakesTheSizeOfItsEmbedding() {
    StageContext night = TestNight.in(root);
    EncoderCard card = EncoderCard.builder("wide").vocabulary(1024).maxTokens(70).build();
    RunEncoder used = new RunEncoder("wide", card, 0, List.of());
    publishTokensWith(night, RunEncoder.FILE_NAME, used);

    Shard.run(night, CONFIG);

    assertThat(night.storage().exists(DATASET + "/" + RunLanguages.FILE_NAME)).isFalse();
    assertThat(index(night).vocabulary()).isEqualTo(1024);
    assertThat(night.storage().readJson(DATASET + "/" + RunEncoder.FILE_NAME, RunEncoder.class))
        .isEqualTo(used);
  }

  @Test
  void copiesTheLanguagesOfTheRun() {
    StageContext night = TestNight.in(root);
    RunLanguages languages = new RunLanguages(new TreeMap<>(Map.of("en", 0.6, "zh", 0.4)));
    publishTokensWith(night, RunLanguages.FILE_NAME, languages);

    Shard.run(night, CONFIG);

    assertThat(night.storage().readJson(DATASET + "/" + RunLanguages.FILE_NAME, RunLanguages.class))
        .isEqualTo(languages);
  }

  /** Publishes rows and their tokenizer with another file in its folder. */
  private static void publishTokensWith(StageContext night, String file, Object content) {
    night.tables().replaceRun(TokenRows.SCHEMA, TestNight.RUN.id(), table(tokenRows(), 2));
    night
        .artefacts()
        .publish(
            TestNight.RUN.tokenizer(),
            night.recorder().record("tokenize", Map.of("clean_documents", "77")),
            staging -> {
              staging.write("tokenizer.json", TOKENIZER.getBytes(StandardCharsets.UTF_8));
              staging.write("labels.json", Json.pretty(LABELS));
              staging.write(file, Json.pretty(content));
              return Map.of();
            });
  }
}
