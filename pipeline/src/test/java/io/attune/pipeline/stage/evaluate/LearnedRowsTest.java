package io.attune.pipeline.stage.evaluate;

import static io.attune.pipeline.stage.evaluate.EvaluationNight.CONFIG;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.ROWS;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.candidateAndCurrent;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.night;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.CleanRows;
import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.split.Splits;
import io.attune.pipeline.split.Splits.Division;
import io.attune.pipeline.split.TimeCuts;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Learned;
import io.attune.schemas.report.Evaluation.Uncopied;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import io.attune.schemas.table.TableSchema;
import io.attune.schemas.table.TokenRows;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnedRowsTest {
  private static final String EARLIER = "2026-01-01.1";
  private static final Map<String, String> VERSIONS =
      Map.of(Evaluation.CANDIDATE, TestNight.RUN.id(), Evaluation.CURRENT, EARLIER);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void judgesNoModelOnRowsThatItWasTrainedOrValidatedOnOrOnCopiesOfThem(@TempDir Path root) {
    StageContext night = night(root, ROWS);
    tokens(
        night,
        EARLIER,
        Map.of("f", "train", "old", "validation", "older", "train", "i", "test", "gone", "train"));
    Map<String, String> tonight = new HashMap<>();
    ROWS.forEach(row -> tonight.put(row.get(0), row.get(1)));
    tokens(night, TestNight.RUN.id(), tonight);
    List<Map<String, Object>> signatures = new ArrayList<>();
    for (List<String> row : ROWS) {
      // g has the letters of a document that was learned, h is a near copy of one; j, of tonight's.
      signatures.add(
          signature(
              row.get(0),
              Map.of("g", "text of old", "j", "text of a").getOrDefault(row.get(0), ""),
              row.get(0).equals("h") ? "older" : row.get(0)));
    }
    signatures.add(signature("a", "text of a", "a"));
    signatures.add(signature("old", "text of old", "old"));
    signatures.add(signature("older", "", "older"));
    write(night, Signatures.SCHEMA, TestNight.RUN.id(), signatures);

    Evaluate.run(night, CONFIG, candidateAndCurrent(), VERSIONS);

    assertThat(learnedBy(night, Evaluation.CURRENT)).containsExactly("f", "g", "h");
    assertThat(learnedBy(night, Evaluation.CANDIDATE)).containsExactly("j");
    Evaluation evaluation = evaluation(night);
    assertThat(evaluation.learned())
        .containsExactly(
            new Learned("current", EARLIER, "kind", 2L),
            new Learned("current", EARLIER, "mood", 3L));
    HeadResult current = result(evaluation, "current", "mood");
    assertThat(current.rows()).isEqualTo(2);
    assertThat(result(evaluation, "candidate", "mood").rows()).isEqualTo(5);
    assertThat(result(evaluation, "candidate", "mood").uncopied()).isEqualTo(new Uncopied(4, 0.75));
    assertThat(current.uncopied()).isEqualTo(new Uncopied(1, 0));
    assertThat(result(evaluation, "majority", "mood").uncopied()).isNull();
  }

  @Test
  void saysWhereItIsNotKnownWhatAModelHasLearnedFrom(@TempDir Path root) {
    StageContext night = night(root, ROWS);

    Evaluate.run(night, CONFIG, candidateAndCurrent(), VERSIONS);

    assertThat(evaluation(night).learned())
        .containsExactly(
            new Learned("current", EARLIER, "kind", null),
            new Learned("current", EARLIER, "mood", null));
    assertThat(result(evaluation(night), "current", "mood").rows()).isEqualTo(5);
    assertThat(result(evaluation(night), "candidate", "mood").uncopied()).isNull();
  }

  @Test
  void findsWhatAModelHasLearnedFromInADatasetThatItsRunTookOver(@TempDir Path root) {
    StageContext night = night(root, ROWS);
    String first = "2025-12-31.1";
    tokens(night, first, Map.of("f", "train", "g", "test", "h", "validation"));
    String dataset = Run.ofVersion(TestNight.RUN.task(), EARLIER).dataset();
    night
        .artefacts()
        .publish(
            dataset,
            new Recorder(TestNight.RUN.task(), first, "0".repeat(64), Clock.systemUTC())
                .record("shard", Map.of()),
            staging -> Map.of());

    TestedDataset tested = TestedDataset.open(night, night.inputs(Stage.EVALUATE));
    LearnedRows learned = LearnedRows.of(night, tested, VERSIONS);

    assertThat(learned.knows(Evaluation.CURRENT)).isTrue();
    assertThat(learned.knows(Evaluation.CANDIDATE)).isFalse();
    assertThat(learnedBy(learned, List.of("f", "g", "h", "i"))).containsExactly("f", "h");
  }

  @Test
  void anotherSeedLeavesThoseTestRowsThatTheCurrentModelDidNotLearnFrom(@TempDir Path root) {
    CleanRows documents = new CleanRows();
    for (int i = 0; i < 300; i++) {
      documents.add("d" + i, Map.of());
    }
    Map<String, String> before = splits(divide(documents, hash(0.2, 1), Optional.empty()));
    Map<String, String> after = splits(divide(documents, hash(0.2, 2), Optional.empty()));

    Set<String> learned = learned(root, before, after);

    Set<String> expected = of(after, "test");
    expected.removeAll(of(before, "test"));
    assertThat(learned).isEqualTo(expected).hasSizeGreaterThan(30);
    assertThat(of(after, "test")).hasSizeGreaterThan(learned.size());
  }

  @Test
  void aLargerShareLeavesTheRowsThatWereTestRowsBefore(@TempDir Path root) {
    CleanRows documents = new CleanRows();
    for (int i = 0; i < 300; i++) {
      documents.add("d" + i, Map.of());
    }
    Map<String, String> before = splits(divide(documents, hash(0.1, 1), Optional.empty()));
    Map<String, String> after = splits(divide(documents, hash(0.3, 1), Optional.empty()));

    Set<String> left = of(after, "test");
    left.removeAll(learned(root, before, after));

    assertThat(left).isEqualTo(of(before, "test"));
  }

  @Test
  void olderFilesMoveNoLearnedRowIntoATestSplitThatTimeCuts(@TempDir Path root) {
    SplitConfig time = new SplitConfig(SplitConfig.By.TIME, 0.1, 0.2, 7, null);
    Division first = divide(daily(0, 100), time, Optional.empty());
    Division next = divide(daily(-100, 100), time, first.cuts());
    Division alone = divide(daily(-100, 100), time, Optional.empty());

    assertThat(learned(root.resolve("next"), splits(first), splits(next))).isEmpty();
    // Where the cuts of the night before are lost, the rows are found.
    assertThat(learned(root.resolve("alone"), splits(first), splits(alone))).hasSize(20);
  }

  private static SplitConfig hash(double test, long seed) {
    return new SplitConfig(SplitConfig.By.HASH, 0.1, test, seed, null);
  }

  private static CleanRows daily(int from, int to) {
    CleanRows rows = new CleanRows();
    for (int day = from; day < to; day++) {
      rows.add(
          "d" + day,
          Map.of(
              Documents.PUBLISHED_AT,
              START.plus(Duration.ofDays(day)),
              Documents.LABELS,
              Map.of("mood", "good")));
    }
    return rows;
  }

  private static Division divide(
      CleanRows documents, SplitConfig config, Optional<TimeCuts> earlier) {
    return Splits.divide(documents.table(), config, earlier);
  }

  private static Map<String, String> splits(Division division) {
    Map<String, String> splits = new TreeMap<>();
    division
        .documents()
        .select(Documents.ID, Splits.SPLIT)
        .collectAsList()
        .forEach(row -> splits.put(row.getString(0), row.getString(1)));
    return splits;
  }

  private static Set<String> of(Map<String, String> splits, String split) {
    Set<String> ids = new TreeSet<>(splits.keySet());
    ids.removeIf(id -> !splits.get(id).equals(split));
    return ids;
  }

  /** Returns the test rows of a night that the model of an earlier one has learned from. */
  private static Set<String> learned(
      Path root, Map<String, String> before, Map<String, String> after) {
    List<List<String>> rows = new ArrayList<>();
    after.forEach((id, split) -> rows.add(List.of(id, split, "text", "up", "news", "wire")));
    StageContext night = night(root, rows);
    tokens(night, EARLIER, before);
    TestedDataset dataset = TestedDataset.open(night, night.inputs(Stage.EVALUATE));
    return learnedBy(
        LearnedRows.of(night, dataset, Map.of(Evaluation.CURRENT, EARLIER)), of(after, "test"));
  }

  /** Returns those of some test rows that the current model has learned from. */
  private static Set<String> learnedBy(LearnedRows rows, Collection<String> test) {
    Set<String> learned = new TreeSet<>();
    rows.add(
            TestNight.spark()
                .createDataFrame(
                    test.stream().map(RowFactory::create).toList(),
                    new StructType().add(TokenRows.ID, DataTypes.StringType)))
        .where(LearnedRows.isLearnedBy(Evaluation.CURRENT))
        .collectAsList()
        .forEach(row -> learned.add(row.getString(0)));
    return learned;
  }

  private static void tokens(StageContext night, String run, Map<String, String> splits) {
    List<Map<String, Object>> rows = new ArrayList<>();
    splits.forEach(
        (id, split) ->
            rows.add(Map.of(TokenRows.ID, id, TokenRows.SPLIT, split, TokenRows.RUN, run)));
    write(night, TokenRows.SCHEMA, run, rows);
  }

  private static Map<String, Object> signature(String id, String text, String cluster) {
    return Map.of(
        Signatures.ID,
        id,
        Signatures.TEXT_HASH,
        text.isEmpty() ? "hash of " + id : text,
        Signatures.CLUSTER,
        cluster,
        Signatures.RUN,
        TestNight.RUN.id());
  }

  private static void write(
      StageContext night, TableSchema table, String run, List<Map<String, Object>> rows) {
    List<Row> written =
        rows.stream()
            .map(
                values ->
                    RowFactory.create(
                        Arrays.stream(table.columns().fields())
                            .map(StructField::name)
                            .map(values::get)
                            .toArray()))
            .toList();
    night
        .tables()
        .replaceRun(table, run, TestNight.spark().createDataFrame(written, table.columns()));
  }

  private static List<String> learnedBy(StageContext night, String model) {
    return TestNight.spark()
        .read()
        .parquet(night.storage().resolve(TestNight.RUN.evaluation() + "/predictions").toString())
        .where(LearnedRows.isLearnedBy(model))
        .select("id")
        .distinct()
        .orderBy("id")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static Evaluation evaluation(StageContext night) {
    return night
        .storage()
        .readJson(TestNight.RUN.evaluation() + "/evaluation.json", Evaluation.class);
  }

  private static HeadResult result(Evaluation evaluation, String model, String head) {
    return evaluation.results().stream()
        .filter(result -> result.model().equals(model) && result.split().equals("test"))
        .filter(result -> result.head().equals(head))
        .findFirst()
        .orElseThrow();
  }
}
