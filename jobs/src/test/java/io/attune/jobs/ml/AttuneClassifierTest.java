package io.attune.jobs.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.ml.AttuneModel;
import io.attune.schemas.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttuneClassifierTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void openSession() {
    spark =
        SparkSessions.open(
            "estimator tests",
            Map.of("spark.master", "local[2]", "spark.sql.shuffle.partitions", "2"));
  }

  @AfterAll
  static void closeSession() {
    spark.stop();
  }

  @Test
  void isSavedAndLoadedInAPipeline() throws Exception {
    String path = folder.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {estimator()}).save(path);

    AttuneClassifier loaded = (AttuneClassifier) Pipeline.load(path).getStages()[0];

    assertThat(loaded.settings().parent()).isEqualTo(loaded.uid());
    assertThat(loaded.getOrDefault(loaded.settings())).contains("model.kind=linear");
    assertThat(loaded.transformSchema(reviews().schema()).fieldNames())
        .containsExactly("text", "label", "label_label", "label_prediction", "label_probability");
  }

  @Test
  void theExampleOfTheDocumentationRuns() throws Exception {
    String root = folder.resolve("root").toString();
    Dataset<Row> texts = reviews();

    AttuneClassifier classifier = new AttuneClassifier().setLabelCols("label").setRoot(root);
    AttuneModel model = classifier.setSettings("model.kind=linear").fit(texts);

    Dataset<Row> answers = model.transform(texts);
    assertThat(answers.where("label_label = label").count()).isGreaterThan(190);
    assertThat(answers.columns()).contains("label_prediction", "label_probability");
    assertThat(folder.resolve("root/models/")).isDirectoryContaining("glob:**fit-*");
    assertThat(Files.readString(Path.of("../docs/SCORING.md")))
        .contains(
            "AttuneClassifier classifier = new AttuneClassifier().setLabelCols(\"label\").setRoot(root);",
            "AttuneModel model = classifier.setSettings(\"model.kind=linear\").fit(texts);");
  }

  @Test
  void isFoundByServiceLoaderAndSaysWhatIsMissing() {
    AttuneClassifier found =
        ServiceLoader.load(Estimator.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(AttuneClassifier.class::isInstance)
            .map(AttuneClassifier.class::cast)
            .findFirst()
            .orElseThrow();

    assertThatThrownBy(() -> found.fit(reviews()))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage("Set root: the folder that the model is published in");
    assertThatThrownBy(() -> found.setLabelCols("mood").transformSchema(reviews().schema()))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "inputCol is 'text' and labelCols are [mood], which must be among the columns [text,"
                + " label]");
    assertThatThrownBy(() -> estimator().fit(reviews().selectExpr("text", "'same' AS label")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Column 'label' of labels has values [same]; a head has from 2 to 1,000 classes");
  }

  private AttuneClassifier estimator() {
    return new AttuneClassifier()
        .setRoot(folder.resolve("root").toString())
        .setSettings("model.kind=linear", "model.encoder=none", "tokenize.vocabulary=200");
  }

  private static Dataset<Row> reviews() {
    return spark
        .range(0, 200, 1, 2)
        .selectExpr(
            "concat('A ', if(id % 2 = 0, 'splendid', 'dreadful'), ' thing number ', id, ' came.')"
                + " AS text",
            "if(id % 2 = 0, 'good', 'bad') AS label");
  }
}
