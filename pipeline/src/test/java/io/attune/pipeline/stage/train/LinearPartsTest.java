package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.network.ModelConfig;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.Temperatures;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import io.attune.schemas.report.TrainingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearPartsTest {
  private static final List<TestDataset.Document> TRAIN = TestDataset.documents(100, 1);
  private static final List<TestDataset.Document> VALIDATION = TestDataset.documents(40, 2);

  @TempDir Path root;

  @Test
  void standsBesideTheNetworkWithWeightsFittedOnTheValidationSplit() {
    StageContext context = dataset(root, 0);

    TestTrainings.train(context, config(2, 6), beside(), updater(), "");

    Combination combination =
        context.storage().readJson(MODEL + "/" + ModelBundle.COMBINATION, Combination.class);
    assertThat(combination.heads())
        .extracting(HeadWeights::head)
        .containsExactly("topic", "sentiment");
    HeadWeights topic = combination.heads().get(0);
    assertThat(topic.rows()).isEqualTo(40);
    assertThat(topic.linearTemperature()).isPositive();
    assertThat(combination.heads().get(1).rows())
        .isEqualTo(VALIDATION.stream().filter(d -> d.sentiment() >= 0).count());
    assertThat(topic.loss() * 40)
        .isLessThan(Math.min(topic.networkLoss(), topic.linearLoss()) * 40 + 1);
    Classifier.Answers answers = classifier(context).answers(texts(VALIDATION));
    assertThat(answers.parts()).containsOnlyKeys(Classifier.Part.values());
    assertThat(answers.whole()[0][0][VALIDATION.get(0).topic()]).isGreaterThan(0.5f);
    assertThat(classifier(context).attention(texts(VALIDATION)).get(0)).isNotEmpty();
    assertThat(card(context)).contains("Beside the network stands a linear part");
    assertThat(context.artefacts().open(MODEL).provenance().inputs()).containsKey("documents");
  }

  @Test
  void isTheSameToTheBitAfterTheTrainingWasKilled(@TempDir Path other) throws Exception {
    TestTrainings.train(dataset(root, 0), config(2, 6), beside(), updater(), "");
    StageContext killed = TestTrainings.with(dataset(other, 0), TestTrainings.killing(400));
    assertThatThrownBy(() -> TestTrainings.train(killed, config(2, 6), beside(), updater(), ""))
        .hasMessage("killed");

    TestTrainings.train(night(other, Progress.SILENT), config(2, 6), beside(), updater(), "");

    for (String file : List.of(ModelBundle.LINEAR, ModelBundle.COMBINATION)) {
      assertThat(
              Files.mismatch(root.resolve(MODEL).resolve(file), other.resolve(MODEL).resolve(file)))
          .as(file)
          .isEqualTo(-1);
    }
  }

  @Test
  void isAModelOfItsOwn() {
    StageContext context = dataset(root, 0);
    ModelConfig linear = ModelConfig.builder(ModelConfig.Kind.LINEAR).build();

    StageResult result =
        TestTrainings.train(context, config(1, 1), linear, updater(), "task: test\n");

    assertThat(result.summary()).startsWith("a linear model of ");
    assertThat(context.storage().list(MODEL))
        .containsExactly(
            "MANIFEST.json",
            "card.md",
            "config.yaml",
            "labels.json",
            "linear.bin",
            "provenance.json",
            "temperatures.json",
            "tokenizer.json",
            "training.json");
    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.rowsTrained()).isEqualTo(140);
    assertThat(record.epochs()).isZero();
    assertThat(record.parameters()).isPositive();
    Classifier classifier = classifier(context);
    float[][][] answers = classifier.probabilities(texts(VALIDATION));
    for (int i = 0; i < answers.length; i++) {
      assertThat(answers[i][0][VALIDATION.get(i).topic()]).isGreaterThan(0.5f);
    }
    HeadTemperature topic =
        context
            .storage()
            .readJson(MODEL + "/" + ModelBundle.TEMPERATURES, Temperatures.class)
            .heads()
            .get(0);
    assertThat(topic.rows()).isEqualTo(40);
    assertThat(topic.loss()).isLessThan(topic.rawLoss());
    assertThat(classifier.answers(List.of("good")).parts())
        .containsOnlyKeys(Classifier.Part.LINEAR);
    assertThat(classifier.attention(List.of("good", ""))).containsExactly(List.of(), List.of());
    assertThat(card(context)).contains("no network");
  }

  @Test
  void aNetworkWithoutALinearPartIsScaledOnTheValidationSplit() {
    StageContext context = dataset(root, 0);

    TestTrainings.train(context, config(1, 2), TestTrainings.model(), updater(), "");

    Temperatures found =
        context.storage().readJson(MODEL + "/" + ModelBundle.TEMPERATURES, Temperatures.class);
    assertThat(found.heads())
        .extracting(HeadTemperature::head)
        .containsExactly("topic", "sentiment");
    assertThat(found.heads().get(0).rows()).isEqualTo(40);
    // The pull towards 1 may cost as much as it is worth.
    assertThat(found.heads()).allMatch(head -> head.loss() <= head.rawLoss() + 1e-12);
  }

  @Test
  void learnsFromASampleWhereThereAreMoreRowsThanItMayTake() {
    StageContext context = dataset(root, 5); // of a sample nobody knows how many are missing
    ModelConfig linear = ModelConfig.builder(ModelConfig.Kind.LINEAR).build();
    LinearConfig few = new LinearConfig(10, 1, 1000, 50);

    Train.run(context, config(1, 1), linear, updater(), few, "");

    assertThat(classifier(context).probabilities(List.of("the bank is good"))[0][0][0])
        .isGreaterThan(0.5f);
  }

  @Test
  void refusesADatasetWhoseDocumentsAreGone() {
    StageContext context = dataset(root, 3);

    assertThatThrownBy(() -> TestTrainings.train(context, config(1, 1), beside(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has 140 rows to learn from")
        .hasMessageContaining("texts for 137 of them")
        .hasMessageContaining("run the night again from tokenize");
  }

  private static StageContext dataset(Path root, int missing) {
    StageContext context = night(root, Progress.SILENT);
    TextDataset.publish(context, TRAIN, VALIDATION, missing);
    return context;
  }

  private static ModelConfig beside() {
    return ModelConfig.builder(ModelConfig.Kind.SELF_ATTENTION)
        .heads(2)
        .width(16)
        .feedForward(16)
        .activation(FeedForwardActivation.RELU)
        .linear()
        .build();
  }

  private static Classifier classifier(StageContext context) {
    return Classifier.shared(ModelFiles.read(context.artefacts().open(MODEL)));
  }

  private static String card(StageContext context) {
    return new String(
        context.storage().read(MODEL + "/" + ModelBundle.CARD), StandardCharsets.UTF_8);
  }

  private static List<String> texts(List<TestDataset.Document> documents) {
    return documents.stream().map(TestDataset.Document::text).toList();
  }
}
