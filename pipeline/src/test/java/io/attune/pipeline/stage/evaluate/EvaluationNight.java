package io.attune.pipeline.stage.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.BaselineConfig;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.SliceConfig;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Creates a night up to its dataset, and models that predict by a single word. */
final class EvaluationNight {
  static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("mood", List.of("down", "up")),
              new Head("kind", List.of("news", "review"))));
  static final String LONG = "up " + "x".repeat(596) + "😀 end";

  /** Lists id, split, text, mood, kind and source of each row. */
  static final List<List<String>> ROWS =
      List.of(
          List.of("a", "train", "shares rise", "up", "news", "wire"),
          List.of("b", "train", "shares fall", "down", "news", "wire"),
          List.of("c", "train", "price rise", "up", "", "wire"),
          List.of("d", "train", "sales rise", "up", "review", "wire"),
          List.of("e", "validation", "prices fall", "down", "news", "wire"),
          List.of("f", "test", "profits rise", "up", "news", "wire"),
          List.of("g", "test", "profits fall", "down", "news", "wire"),
          List.of("h", "test", "they fall", "down", "", "blog"),
          List.of("i", "test", LONG, "up", "review", ""),
          List.of("j", "test", "not sure", "down", "news", "paper"));

  static final EvaluateConfig CONFIG =
      new EvaluateConfig(
          2,
          200,
          7,
          2,
          new SliceConfig(1, 1, List.of("desk")),
          new BaselineConfig(1 << 12, 1, 1000, 10, 10, 1000));

  private EvaluationNight() {}

  /**
   * Predicts {@code up} with a given probability for texts that contain a word; the second head is
   * optional.
   */
  record WordModel(String word, float sure, boolean knowsKind) implements TextModel {
    @Override
    public float[][][] probabilities(List<String> texts) {
      assertThat(texts).hasSizeBetween(1, CONFIG.batchRows());
      return texts.stream()
          .map(
              text -> {
                float up = text.contains(word) ? sure : 1 - sure;
                return new float[][] {{1 - up, up}, knowsKind ? new float[] {0.75f, 0.25f} : null};
              })
          .toArray(float[][][]::new);
    }

    @Override
    public List<List<AttendedSpan>> attention(List<String> texts) {
      return texts.stream()
          .map(
              text ->
                  List.of(
                      new AttendedSpan(0, 2, 0.75),
                      new AttendedSpan(text.length() - 1, text.length(), 0.25)))
          .toList();
    }
  }

  static Map<String, TextModel> candidateAndCurrent() {
    Map<String, TextModel> models = new HashMap<>();
    models.put(Evaluation.CANDIDATE, new WordModel("rise", 0.9f, true));
    models.put(Evaluation.CURRENT, new WordModel("profits", 0.6f, false));
    return models;
  }

  static StageContext night(Path root, List<List<String>> rows) {
    return night(root, rows, rows);
  }

  /** Makes a night up to its dataset: the documents in the table, the rows in the shards. */
  static StageContext night(Path root, List<List<String>> documents, List<List<String>> rows) {
    StageContext night = TestNight.in(root);
    night.tables().replaceRun(CleanDocuments.SCHEMA, TestNight.RUN.id(), documents(documents));
    long snapshot = night.tables().snapshot(CleanDocuments.SCHEMA);
    night
        .artefacts()
        .publish(
            TestNight.RUN.dataset(),
            night.recorder().record("shard", Map.of()),
            staging -> {
              List<Shard> shards = new ArrayList<>();
              for (Split split : Split.values()) {
                List<List<String>> of =
                    rows.stream().filter(row -> row.get(1).equals(split.word())).toList();
                if (!of.isEmpty()) {
                  String file = "shards/" + split.word() + "-00000.parquet";
                  shardRows(of).coalesce(1).write().parquet(staging.resolve("written").toString());
                  staging.move("written/" + staging.list("written").get(0), file);
                  staging.remove("written");
                  shards.add(new Shard(file, split, of.size(), of.size(), Map.of(), 1, ""));
                }
              }
              ShardIndex index =
                  new ShardIndex(ShardIndex.VERSION, "", 10, 10, snapshot, shards, Map.of());
              staging.write(ShardIndex.FILE_NAME, Json.pretty(index));
              staging.write(ModelBundle.LABELS, Json.pretty(LABELS));
              return Map.of();
            });
    return night;
  }

  private static Dataset<Row> documents(List<List<String>> rows) {
    List<Row> documents = new ArrayList<>();
    for (List<String> row : rows) {
      Map<String, Object> values = new HashMap<>();
      values.put(Documents.ID, row.get(0));
      values.put(Documents.CORPUS, "test");
      values.put(Documents.SOURCE, row.get(5).isEmpty() ? null : row.get(5));
      values.put(Documents.PUBLISHED_AT, Timestamp.valueOf("2026-01-15 12:00:00"));
      values.put(Documents.TEXT, row.get(2));
      values.put(
          Documents.EXTRA, row.get(2).startsWith("profits") ? Map.of("desk", " north ") : Map.of());
      values.put(Documents.RUN, TestNight.RUN.id());
      documents.add(
          RowFactory.create(
              Arrays.stream(CleanDocuments.SCHEMA.columns().fields())
                  .map(StructField::name)
                  .map(values::get)
                  .toArray()));
    }
    return TestNight.spark().createDataFrame(documents, CleanDocuments.SCHEMA.columns());
  }

  private static Dataset<Row> shardRows(List<List<String>> rows) {
    List<Row> shard = new ArrayList<>();
    for (List<String> row : rows) {
      Integer[] labels = {
        LABELS.heads().get(0).indexOf(row.get(3)), LABELS.heads().get(1).indexOf(row.get(4))
      };
      shard.add(RowFactory.create(row.get(0), new Integer[] {1, 2}, labels));
    }
    return TestNight.spark()
        .createDataFrame(
            shard,
            new StructType()
                .add("id", DataTypes.StringType)
                .add("tokens", DataTypes.createArrayType(DataTypes.IntegerType))
                .add("labels", DataTypes.createArrayType(DataTypes.IntegerType)));
  }
}
