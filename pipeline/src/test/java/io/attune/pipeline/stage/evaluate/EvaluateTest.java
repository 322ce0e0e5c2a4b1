package io.attune.pipeline.stage.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.BaselineConfig;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.SliceConfig;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.Example;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.SliceResult;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateTest {
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("mood", List.of("down", "up")),
              new Head("kind", List.of("news", "review"))));
  private static final String LONG = "up " + "x".repeat(596) + "😀 end";

  /** id, split, text, mood, kind, source. */
  private static final List<List<String>> ROWS =
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

  private static final EvaluateConfig CONFIG =
      new EvaluateConfig(
          2, 200, 7, 2, new SliceConfig(1, 1), new BaselineConfig(1 << 12, 1, 1000, 10, 10, 1000));

  /** Says up where it finds a word, as surely as it was told; knows one head only if told so. */
  private record WordModel(String word, float sure, boolean knowsKind) implements TextModel {
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

  @TempDir private static Path shared;
  private static StageContext night;
  private static StageResult result;

  @BeforeAll
  static void evaluateOnce() {
    night = night(shared, ROWS);
    result =
        Evaluate.run(night, CONFIG, candidateAndCurrent(), Map.of("candidate", "2026-01-02.1"));
  }

  @Test
  void measuresEveryModelOnTheSameRows() {
    Evaluation evaluation = evaluation(night);
    HeadResult candidate = result(evaluation, "candidate", "test", "mood");
    assertThat(candidate.rows()).isEqualTo(5);
    assertThat(candidate.accuracy()).isEqualTo(0.8); // all but the long text
    assertThat(candidate.confusion()).isEqualTo(List.of(List.of(3L, 0L), List.of(1L, 1L)));
    assertThat(candidate.logLoss())
        .isCloseTo(-(4 * Math.log(0.9) + Math.log(0.1)) / 5, within(1e-6));
    assertThat(candidate.calibrationError()).isCloseTo(0.1, within(1e-6));
    assertThat(candidate.version()).isEqualTo("2026-01-02.1");
    HeadResult majority = result(evaluation, "majority", "test", "mood");
    assertThat(majority.confusion()).isEqualTo(List.of(List.of(0L, 3L), List.of(0L, 2L)));
    assertThat(majority.logLoss()).isNull();
    assertThat(result(evaluation, "baseline", "test", "mood").accuracy()).isGreaterThan(0.5);
    assertThat(result(evaluation, "baseline", "test", "kind").rows()).isEqualTo(4);
    assertThat(result(evaluation, "candidate", "validation", "mood").rows()).isEqualTo(1);
    assertThat(result.summary()).startsWith("mood: accuracy 0.8000, macro-F1").contains("baseline");
    assertThat(result.counts()).containsEntry("testRows", 5L);
  }

  @Test
  void leavesOutAHeadThatTheCurrentModelDoesNotKnow() {
    assertThat(evaluation(night).results())
        .filteredOn(result -> result.model().equals("current"))
        .extracting(HeadResult::head)
        .containsOnly("mood");
    assertThat(predictions(night).where("head = 'kind' and current is not null").count()).isZero();
  }

  @Test
  void publishesEveryPredictionWithItsManifest() {
    Manifest manifest = night.storage().verify(TestNight.RUN.evaluation());
    assertThat(manifest.files())
        .extracting(FileEntry::path)
        .allMatch(path -> path.equals("evaluation.json") || path.endsWith(".parquet"));
    assertThat(manifest.counts()).containsEntry("rows", 6L);
    Dataset<Row> predictions = predictions(night);
    assertThat(predictions.schema().fieldNames()).isEqualTo(Predictions.SCHEMA.fieldNames());
    assertThat(predictions.count()).isEqualTo(12);
    Row row = predictions.where("id = 'h' and head = 'kind'").first();
    assertThat(row.<String>getAs("label")).isNull();
    assertThat(row.<String>getAs("candidate")).isEqualTo("news");
    assertThat(row.<Float>getAs("candidate_probability")).isEqualTo(0.75f);
    assertThat(row.<Float>getAs("candidate_label_probability")).isNull();
    assertThat(row.<String>getAs("month")).isEqualTo("2026-01");
    assertThat(row.<String>getAs("length")).isEqualTo("0001-0016");
  }

  @Test
  void boundsTheValuesOfASlice() {
    List<SliceResult> sources =
        evaluation(night).slices().stream()
            .filter(slice -> slice.slice().equals("source"))
            .filter(slice -> slice.model().equals("candidate") && slice.head().equals("mood"))
            .toList();
    assertThat(sources)
        .containsExactly(
            new SliceResult("candidate", "mood", "source", "other", 3, 2.0 / 3, 0.4),
            new SliceResult("candidate", "mood", "source", "wire", 2, 1, 1));
  }

  @Test
  void showsTheSurestErrorsWithTextAndAttention() {
    List<Example> worst =
        evaluation(night).examples().stream()
            .filter(e -> e.kind().equals("worst-error") && e.head().equals("mood"))
            .toList();
    assertThat(worst).hasSize(1);
    assertThat(worst.get(0).id()).isEqualTo("i");
    assertThat(worst.get(0).expected()).isEqualTo("up");
    assertThat(worst.get(0).predicted()).isEqualTo("down");
    assertThat(worst.get(0).text()).isEqualTo(LONG.substring(0, 599)); // before half an emoji
    assertThat(worst.get(0).attention()).containsExactly(new AttendedSpan(0, 2, 0.75));
    assertThat(evaluation(night).examples())
        .extracting(Example::kind)
        .contains("least-certain", "typical");
  }

  @Test
  void givesTheSameWhateverTheSizeOfBatches(@TempDir Path root) {
    StageContext again = night(root, ROWS);
    EvaluateConfig single = new EvaluateConfig(1, 200, 7, 2, CONFIG.slices(), CONFIG.baseline());

    Evaluate.run(again, single, candidateAndCurrent(), Map.of("candidate", "2026-01-02.1"));

    assertThat(evaluation(again).results())
        .filteredOn(result -> !result.model().equals("baseline")) // sums in another order
        .isEqualTo(
            evaluation(night).results().stream()
                .filter(result -> !result.model().equals("baseline"))
                .toList());
    assertThat(evaluation(again).slices()).isEqualTo(evaluation(night).slices());
  }

  @Test
  void refusesToRunTwiceOnOneNight() {
    assertThatThrownBy(() -> Evaluate.run(night, CONFIG, candidateAndCurrent(), Map.of()))
        .isInstanceOf(Failure.AlreadyPublished.class);
  }

  @Test
  void publishesNothingWhereDocumentsAreGone(@TempDir Path root) {
    StageContext torn = night(root, ROWS.subList(0, 9), ROWS);

    assertThatThrownBy(() -> Evaluate.run(torn, CONFIG, candidateAndCurrent(), Map.of()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has 6 rows to measure")
        .hasMessageContaining("run the night again from tokenize");
    assertThat(torn.storage().exists(TestNight.RUN.evaluation())).isFalse();
  }

  @Test
  void refusesADatasetWithoutTestRows(@TempDir Path root) {
    StageContext untested = night(root, ROWS.subList(0, 5));

    assertThatThrownBy(() -> Evaluate.run(untested, CONFIG, candidateAndCurrent(), Map.of()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("4 training and 0 test rows");
  }

  @Test
  void refusesConfigurationOutOfRange() {
    assertThatThrownBy(() -> new EvaluateConfig(0, 200, 7, 2, CONFIG.slices(), CONFIG.baseline()))
        .hasMessage("evaluate.batch-rows must be at least 1, got 0");
    assertThatThrownBy(() -> new SliceConfig(0, 1))
        .hasMessage("evaluate.slices.max-values must be in 1..200, got 0");
    assertThatThrownBy(() -> new BaselineConfig(1 << 12, 1, 1000, 0, 100, 1000))
        .hasMessage("evaluate.baseline.inverse-regularization must be above 0, got 0.0");
  }

  @Test
  void namesLengthsByTheBoundsOfShards() {
    assertThat(DatasetRows.lengthClass(1)).isEqualTo("0001-0016");
    assertThat(DatasetRows.lengthClass(17)).isEqualTo("0017-0032");
    assertThat(DatasetRows.lengthClass(64)).isEqualTo("0033-0064");
  }

  private static Map<String, TextModel> candidateAndCurrent() {
    Map<String, TextModel> models = new HashMap<>();
    models.put(Evaluation.CANDIDATE, new WordModel("rise", 0.9f, true));
    models.put(Evaluation.CURRENT, new WordModel("profits", 0.6f, false));
    return models;
  }

  private static Evaluation evaluation(StageContext night) {
    return night
        .storage()
        .readJson(TestNight.RUN.evaluation() + "/evaluation.json", Evaluation.class);
  }

  private static Dataset<Row> predictions(StageContext night) {
    return TestNight.spark()
        .read()
        .parquet(night.storage().resolve(TestNight.RUN.evaluation() + "/predictions").toString());
  }

  private static HeadResult result(Evaluation evaluation, String model, String split, String head) {
    return evaluation.results().stream()
        .filter(r -> r.model().equals(model) && r.split().equals(split) && r.head().equals(head))
        .findFirst()
        .orElseThrow();
  }

  private static StageContext night(Path root, List<List<String>> rows) {
    return night(root, rows, rows);
  }

  /** A night up to its dataset: the documents in the table, the rows in the shards. */
  private static StageContext night(
      Path root, List<List<String>> documents, List<List<String>> rows) {
    StageContext night = TestNight.in(root);
    night.tables().replaceRun(CleanDocuments.SCHEMA, TestNight.RUN.id(), documents(documents));
    long snapshot = night.tables().snapshot(CleanDocuments.SCHEMA);
    night
        .storage()
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
                  shardRows(of).coalesce(1).write().parquet(staging.resolve(file).toString());
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
