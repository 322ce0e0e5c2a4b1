package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.events;
import static io.attune.pipeline.stage.train.TestTrainings.lstmWithBalancedClasses;
import static io.attune.pipeline.stage.train.TestTrainings.model;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.requireSame;
import static io.attune.pipeline.stage.train.TestTrainings.trained;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.network.ModelConfig;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.stage.train.checkpoint.Ledger;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.RunLanguages;
import io.attune.schemas.report.TrainingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainTest {

  @TempDir Path root;

  @Test
  void learnsATinyCorpusByHeartAndPublishesAModelThatAnswers() {
    List<TestDataset.Document> documents = TestDataset.documents(200, 1);
    List<String> notes = new ArrayList<>();
    StageContext context = night(root, (done, total, note) -> notes.add(done + "/" + total + note));
    TestDataset.publish(context, documents, TestDataset.documents(40, 2));

    StageResult result =
        TestTrainings.train(context, config(2, 30), model(), updater(), "task: test\n");

    assertThat(result.artefact()).isEqualTo(MODEL);
    assertThat(context.storage().list(MODEL))
        .containsExactly(
            "MANIFEST.json",
            "card.md",
            "config.yaml",
            "labels.json",
            "model.zip",
            "provenance.json",
            "tokenizer.json",
            "training.json");
    Classifier classifier = Classifier.shared(ModelFiles.read(context.artefacts().open(MODEL)));
    float[][][] answers =
        classifier.probabilities(documents.stream().map(TestDataset.Document::text).toList());
    int right = 0;
    int labelled = 0;
    for (int i = 0; i < documents.size(); i++) {
      if (documents.get(i).sentiment() >= 0) {
        labelled++;
        right += answers[i][1][documents.get(i).sentiment()] > 0.5 ? 1 : 0;
      }
      assertThat(answers[i][0][documents.get(i).topic()]).isGreaterThan(0.5f);
    }
    assertThat((double) right / labelled).isGreaterThan(0.99);
    assertThat(notes.get(notes.size() - 1)).startsWith("6000/6000epoch 30/30 loss 0.");
  }

  @Test
  void accountsForEveryRowOfEveryEpoch() throws Exception {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(101, 1), TestDataset.documents(20, 2));

    TestTrainings.train(context, config(3, 4), model(), updater(), "");

    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.rowsPlanned()).isEqualTo(404);
    assertThat(record.rowsTrained()).isEqualTo(404);
    assertThat(record.workers()).isEqualTo(3);
    assertThat(record.epochs()).isEqualTo(4);
    assertThat(record.averagingShare()).isBetween(0.0, 1.0);
    assertThat(record.curve()).hasSize(4);
    assertThat(record.bestEpoch()).isBetween(1, 4);
    Ledger ledger =
        context.storage().readJson(TestNight.RUN.folder() + "/" + Ledger.FILE_NAME, Ledger.class);
    assertThat(ledger.rows()).isEqualTo(101);
    assertThat(ledger.rounds()).hasSize(record.rounds());
    assertThat(ledger.rounds()).allMatch(entry -> entry.planned() == entry.trained());
    List<String> metrics =
        Files.readAllLines(root.resolve(TestNight.RUN.folder()).resolve(Metrics.FILE_NAME));
    assertThat(metrics).hasSize(record.rounds() + 4);
    assertThat(metrics.get(0)).startsWith("{\"kind\":\"round\",\"epoch\":1,\"round\":1,");
    List<TensorBoardEvents.Event> events = events(context, 0);
    assertThat(events)
        .filteredOn(event -> event.tag().equals("loss/train"))
        .hasSize(record.rounds());
    assertThat(events)
        .filteredOn(event -> event.tag().equals("loss/validation"))
        .extracting(TensorBoardEvents.Event::value)
        .containsExactlyElementsOf(
            record.curve().stream().map(epoch -> (float) epoch.validationLoss()).toList());
    assertThat(metrics.get(metrics.size() - 1))
        .startsWith("{\"kind\":\"epoch\",\"epoch\":4,")
        .containsPattern("\"gradientNorms\":\\{.*\"encoder.block0\":0\\.\\d+")
        .containsPattern("\"poolingEntropy\":\\d\\.\\d+")
        .containsPattern("\"headEntropy\":\\[\\[\\d\\.\\d+,\\d\\.\\d+\\]\\]")
        .containsPattern("\"headSimilarity\":\\[\\[\\[1\\.0,(0\\.\\d+)\\],\\[\\1,1\\.0\\]\\]\\]");
  }

  @Test
  void theSameSeedGivesTheSameModelToTheBit(@TempDir Path other) {
    ComputationGraph once = trained(night(root, Progress.SILENT), config(2, 4));
    ComputationGraph again = trained(night(other, Progress.SILENT), config(2, 4));

    requireSame(again, once);
  }

  @Test
  void anLstmWithBalancedClassesTrainsToTheSameBits(@TempDir Path other) {
    ModelConfig lstm = lstmWithBalancedClasses();
    ComputationGraph once = trained(night(root, Progress.SILENT), config(2, 2), lstm);
    ComputationGraph again = trained(night(other, Progress.SILENT), config(2, 2), lstm);

    requireSame(again, once);
    assertThat(once.getConfiguration().toJson()).contains("classWeights");
  }

  @Test
  void keepsTheEpochOfTheHighestAccuracyIfToldSo() {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(100, 1), TestDataset.documents(30, 2));

    TestTrainings.train(
        context,
        config(2, new Stopping(12, 0, Stopping.Metric.ACCURACY), 100),
        model(),
        updater(),
        "");

    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    TrainingRecord.EpochRecord kept = record.curve().get(record.bestEpoch() - 1);
    assertThat(record.curve())
        .allMatch(
            epoch ->
                epoch.validationAccuracy() < kept.validationAccuracy()
                    || (epoch.validationAccuracy() == kept.validationAccuracy()
                        && epoch.validationLoss() >= kept.validationLoss()));
  }

  @Test
  void keepsTheEpochOfTheHighestMacroF1() {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(100, 1), TestDataset.documents(30, 2));

    TestTrainings.train(
        context,
        config(2, new Stopping(12, 0, Stopping.Metric.MACRO_F1), 100),
        model(),
        updater(),
        "");

    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    TrainingRecord.EpochRecord kept = record.curve().get(record.bestEpoch() - 1);
    assertThat(record.curve())
        .allMatch(epoch -> epoch.validationMacroF1() <= kept.validationMacroF1())
        .filteredOn(epoch -> epoch.validationMacroF1().equals(kept.validationMacroF1()))
        .allMatch(epoch -> epoch.validationLoss() >= kept.validationLoss());
    assertThat(record.networks().get(0).validationMacroF1()).isEqualTo(kept.validationMacroF1());
  }

  @Test
  void publishesOnce() {
    StageContext context = night(root, Progress.SILENT);
    trained(context, config(1, 1));

    assertThatThrownBy(() -> TestTrainings.train(context, config(1, 1), model(), updater(), ""))
        .isInstanceOf(Failure.AlreadyPublished.class);
  }

  @Test
  void stopsWhenItsPatienceIsOverAndKeepsTheBestEpoch() {
    StageContext context = night(root, Progress.SILENT);
    // Validation labels are the opposite of the training labels, so the loss soon only grows.
    List<TestDataset.Document> opposite =
        TestDataset.documents(30, 2).stream()
            .map(d -> new TestDataset.Document(d.text(), 1 - d.topic(), -1))
            .toList();
    TestDataset.publish(context, TestDataset.documents(100, 1), opposite);
    TrainConfig config = config(2, new Stopping(30, 2, Stopping.Metric.LOSS), 100);

    TestTrainings.train(context, config, model(), updater(), "");

    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.epochs()).isLessThan(30).isEqualTo(record.bestEpoch() + 2);
    double best = record.curve().get(record.bestEpoch() - 1).validationLoss();
    assertThat(record.curve()).allMatch(epoch -> epoch.validationLoss() >= best);
    float[][][] answers =
        Classifier.shared(ModelFiles.read(context.artefacts().open(MODEL)))
            .probabilities(opposite.stream().map(TestDataset.Document::text).toList());
    double loss = 0;
    for (int i = 0; i < answers.length; i++) {
      loss -= Math.log(answers[i][0][opposite.get(i).topic()]) / answers.length;
    }
    assertThat(loss).isCloseTo(best, within(1e-4));
  }

  @Test
  void saysOfTextsInSeveralLanguagesWhyTheVocabularyIsTheirOwn() {
    RunLanguages languages = new RunLanguages(new TreeMap<>(Map.of("en", 0.6, "zh", 0.4)));
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(
        context,
        TestDataset.documents(40, 1),
        TestDataset.documents(20, 2),
        Map.of(RunLanguages.FILE_NAME, Json.pretty(languages)));

    StageResult result =
        TestTrainings.train(context, config(1, 1), model(), updater(), "task: test\n");

    String why =
        "a vocabulary of its own, since the texts are in several languages (en 60 %, zh 40 %) and"
            + " an encoder is for one";
    assertThat(
            context
                .storage()
                .readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class)
                .origin())
        .isEqualTo(why);
    assertThat(context.storage().read(MODEL + "/" + ModelBundle.CARD))
        .asString(StandardCharsets.UTF_8)
        .contains(why);
    assertThat(result.summary()).startsWith("one network for en 60 %, zh 40 %; ");
  }

  @Test
  void writesACardForPeople() {
    StageContext context = night(root, Progress.SILENT);
    trained(context, config(1, 1));

    String card =
        new String(context.storage().read(MODEL + "/" + ModelBundle.CARD), StandardCharsets.UTF_8);

    assertThat(card)
        .startsWith("# Model 2026-01-02.1 of task test\n")
        .contains("- topic: finance, phones")
        .contains("100 rows");
  }
}
