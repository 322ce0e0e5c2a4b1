package io.attune.pipeline.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.scoring.PublishedModels;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the function in a session that was opened with the extensions. */
class AttuneExtensionsTest {
  @TempDir static Path root;
  private static SparkSession usual;
  private static SparkSession session;
  private static ModelFiles files;

  @BeforeAll
  static void openSession() throws ReflectiveOperationException {
    StageContext night = TestNight.in(root);
    files = PublishedModels.promote(night, "2026-01-01.1");
    usual = TestNight.spark();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    session =
        SparkSession.builder()
            .withExtensions(
                Class.forName("io.attune.pipeline.ml.AttuneExtensions")
                    .asSubclass(AttuneExtensions.class)
                    .getConstructor()
                    .newInstance())
            .config(AttuneExtensions.ROOT, root.toString())
            .getOrCreate();
  }

  @AfterAll
  static void restoreSession() {
    SparkSession.setDefaultSession(usual);
    SparkSession.setActiveSession(usual);
  }

  @Test
  void answersAText() {
    Row row =
        session
            .sql(
                "SELECT score['mood'].label, score['mood'].probabilities, size(score), none FROM"
                    + " (SELECT attune_score('the bank is bad') AS score, attune_score(NULL) AS"
                    + " none)")
            .head();

    float[] expected = Classifier.shared(files).probabilities(List.of("the bank is bad"))[0][1];
    Map<String, Float> probabilities = row.getJavaMap(1);
    assertThat(probabilities.get("negative")).isCloseTo(expected[0], within(1e-6f));
    assertThat(probabilities.get("positive")).isCloseTo(expected[2], within(1e-6f));
    assertThat(probabilities.get(row.getString(0)))
        .isEqualTo(probabilities.values().stream().max(Float::compare).orElseThrow());
    assertThat(row.getInt(2)).isEqualTo(2);
    assertThat(row.isNullAt(3)).isTrue();
  }

  @Test
  void theExampleOfTheDocumentationRuns() throws IOException {
    session
        .sql("SELECT explode(array('good', 'bad', 'the bank')) AS text")
        .createOrReplaceTempView("texts");
    String guide = Files.readString(Path.of("../docs/SCORING.md"));
    String example = guide.substring(guide.indexOf("```sql\n") + 7);

    List<Row> rows = session.sql(example.substring(0, example.indexOf("```"))).collectAsList();

    assertThat(rows).extracting(row -> row.getString(0)).contains("good", "bad", "the bank");
    assertThat(rows).extracting(row -> -row.getFloat(2)).isSorted();
  }

  @Test
  void readsColumnsOfATable() {
    assertThat(
            session
                .range(40)
                .selectExpr("attune_score(concat('good ', id))['topic'].label AS label")
                .where("label IN ('finance', 'phones')")
                .count())
        .isEqualTo(40);
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> session.sql("SELECT attune_score('a', 'b')"))
        .satisfies(
            e -> assertThat(Failure.in(e).orElseThrow()).hasMessageContaining("takes one text"));
  }
}
