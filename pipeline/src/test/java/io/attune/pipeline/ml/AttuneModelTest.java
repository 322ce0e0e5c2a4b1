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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttuneModelTest {
  private static final List<String> TEXTS = Arrays.asList("the bank is bad", null, "good phone");

  @TempDir static Path root;
  private static StageContext night;
  private static ModelFiles files;

  @BeforeAll
  static void publish() {
    night = TestNight.in(root);
    files = PublishedModels.promote(night, "2026-01-01.1");
  }

  @Test
  void answersInAPipelineThatWasSavedAndLoaded(@TempDir Path folder) throws Exception {
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new AttuneModel()
                      .setInputCol("body.text")
                      .setBundle(root.resolve("models/test/2026-01-01.1").toString()),
                  new IndexToString().setInputCol("mood_prediction").setOutputCol("word")
                });
    pipeline.fit(texts()).save(folder.resolve("pipeline").toString());

    Dataset<Row> answered =
        PipelineModel.load(folder.resolve("pipeline").toString()).transform(texts());

    float[][][] expected =
        Classifier.shared(files).probabilities(List.of(TEXTS.get(0), TEXTS.get(2)));
    List<Row> rows = answered.orderBy("number").collectAsList();
    assertThat(answered.columns())
        .containsExactly(
            "number",
            "body.text",
            "topic_label",
            "topic_prediction",
            "topic_probability",
            "mood_label",
            "mood_prediction",
            "mood_probability",
            "word");
    for (int i = 0; i < 2; i++) {
      Row row = rows.get(2 * i);
      Vector probability = row.getAs("mood_probability");
      for (int c = 0; c < 3; c++) {
        assertThat(probability.apply(c)).isCloseTo(expected[i][1][c], within(1e-6));
      }
      assertThat(row.<Double>getAs("mood_prediction")).isEqualTo(probability.argmax());
      assertThat(row.<String>getAs("mood_label"))
          .isEqualTo(row.<String>getAs("word"))
          .isEqualTo(PublishedModels.LABELS.heads().get(1).classes().get(probability.argmax()));
    }
    assertThat(rows.get(1).isNullAt(5)).isTrue();
    assertThat(rows.get(1).isNullAt(7)).isTrue();
    assertThat(
            NominalAttribute.fromStructField(answered.schema().apply("mood_prediction")).toString())
        .contains("negative", "neutral", "positive");
  }

  @Test
  void isFoundByServiceLoaderAndAsksTheModelThatIsCurrent() {
    AttuneModel found =
        ServiceLoader.load(Transformer.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(AttuneModel.class::isInstance)
            .map(AttuneModel.class::cast)
            .findFirst()
            .orElseThrow();

    Dataset<Row> answered =
        found
            .setInputCol("body.text")
            .setRoot(root.toString())
            .setOutputPrefix("attune_")
            .transform(texts());

    assertThat(answered.columns()).contains("attune_topic_label", "attune_mood_probability");
    assertThat(answered.where("attune_topic_label IS NOT NULL").count()).isEqualTo(2);
    assertThat(found.transformSchema(texts().schema())).isEqualTo(answered.schema());
  }

  @Test
  void theExampleOfTheDocumentationRuns() throws Exception {
    String root = AttuneModelTest.root.toString();
    Dataset<Row> texts = texts().withColumnRenamed("body.text", "text");

    AttuneModel model = new AttuneModel().setInputCol("text").setRoot(root);
    Dataset<Row> answers = model.transform(texts).select("text", "mood_label", "mood_probability");

    assertThat(answers.where("mood_label IS NULL").count()).isEqualTo(1);
    assertThat(Files.readString(Path.of("../docs/SCORING.md")))
        .contains(
            "AttuneModel model = new AttuneModel().setInputCol(\"text\").setRoot(root);",
            "answers = model.transform(texts).select(\"text\", \"mood_label\","
                + " \"mood_probability\");");
  }

  @Test
  void saysWhichModelOrColumnIsMissing(@TempDir Path empty) {
    assertThatThrownBy(() -> new AttuneModel().transform(texts()))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageStartingWith("No model is named: give the folder of its bundle");
    assertThatThrownBy(() -> new AttuneModel().setRoot(empty.toString()).transform(texts()))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("has models of no task");
    assertThatThrownBy(() -> new AttuneModel().setRoot(root.toString()).transform(texts()))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "There is no column 'text' of strings, the texts that the model is to answer; set"
                + " inputCol to one of [number, body.text]");
    assertThatThrownBy(
            () ->
                new AttuneModel()
                    .setInputCol("text")
                    .setRoot(root.toString())
                    .transform(texts().selectExpr("`body.text` AS text", "1 AS topic_label")))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage("There is a column 'topic_label' already; set outputPrefix");
  }

  private static Dataset<Row> texts() {
    return TestNight.spark()
        .createDataFrame(
            List.of(
                RowFactory.create(0, TEXTS.get(0)),
                RowFactory.create(1, TEXTS.get(1)),
                RowFactory.create(2, TEXTS.get(2))),
            new StructType()
                .add("number", DataTypes.IntegerType)
                .add("body.text", DataTypes.StringType));
  }
}
