package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.flipByte;
import static io.attune.pipeline.stage.train.TestTrainings.network;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.requireSame;
import static io.attune.pipeline.stage.train.TestTrainings.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.config.Schedule;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Tune;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.optim.UpdaterConfig.LayerRates;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.encoder.Encoders;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests trainings that start from a pretrained encoder. */
class TunedTrainingTest {
  private static final String STATES = TestNight.RUN.folder() + "/states";

  private static ComputationGraph unbroken;

  /** Holds the root of the same training, killed half-way; tests go on in copies. */
  @TempDir static Path killed;

  @TempDir Path root;

  @BeforeAll
  static void trainOnceToTheEndAndOnceHalfWay(@TempDir Path other) {
    StageContext whole = night(other, Progress.SILENT);
    publishInputs(whole);
    TestTrainings.train(whole, tuningConfig(6), model(Tune.TOP), adamw(), "");
    unbroken = network(whole);
    StageContext context = night(killed, TestTrainings.killing(310));
    publishInputs(context);
    assertThatThrownBy(
            () -> TestTrainings.train(context, tuningConfig(6), model(Tune.TOP), adamw(), ""))
        .hasMessage("killed");
    assertThat(context.artefacts().isPublished(STATES)).isTrue();
  }

  private void copyTheKilledTraining() throws IOException {
    FileUtils.copyDirectory(killed.toFile(), root.toFile());
  }

  private static ModelConfig model(Tune tune) {
    return ModelConfig.builder(ModelConfig.Kind.TRANSFORMER)
        .encoder("tiny")
        .tune(tune)
        .dropout(Dropout.builder().residual(0.1).output(0.1).build())
        .build();
  }

  private static UpdaterConfig adamw() {
    return new UpdaterConfig(
        UpdaterConfig.Kind.ADAMW, 0.004, 0.9, 0.999, 1e-8, 0.01, new LayerRates(5, 0.5, 0.9));
  }

  private static TrainConfig tuningConfig(int epochs) {
    return tuningConfig(epochs, 10);
  }

  private static TrainConfig tuningConfig(int epochs, double budgetMinutes) {
    TrainConfig plain = config(2, epochs);
    return TrainConfig.builder(plain.averaging(), plain.batch(), plain.stopping())
        .budgetMinutes(budgetMinutes)
        .schedule(new Schedule(Schedule.Kind.LINEAR, 0, 0, 0.1))
        .guards(Guards.builder().maxGradientNorm(1).build())
        .checkpointEveryRounds(2)
        .seed(7)
        .build();
  }

  private static void publishInputs(StageContext context) {
    TestEncoder.publish(context, TestDataset.documents(100, 1), TestDataset.documents(20, 2));
  }

  @ParameterizedTest
  @CsvSource({"FROZEN, 0", "TOP, 2", "FULL, 3"})
  void trainsTheLastBlocksAndPublishesAWholeNetwork(Tune tune, int trained) {
    StageContext context = night(root, Progress.SILENT);
    List<TestDataset.Document> documents = TestDataset.documents(200, 1);
    TestEncoder.publish(context, documents, TestDataset.documents(40, 2));

    StageResult result = TestTrainings.train(context, tuningConfig(12), model(tune), adamw(), "");

    assertThat(result.summary()).startsWith("tiny, %d of 3 blocks trained; ".formatted(trained));
    assertThat(context.storage().exists(STATES)).isFalse();
    ComputationGraph network = network(context);
    EncoderLayout layout = EncoderLayout.of(TestEncoder.encoder().shape());
    float[] before = TestEncoder.encoder().parameters();
    float[] after =
        network.getLayer(Networks.ENCODER).params().reshape(before.length).toFloatVector();
    for (Slot slot : layout.slots()) {
      boolean isTrained =
          slot.name().startsWith("block")
              && slot.name().charAt(5) - '0' >= TestEncoder.BLOCKS - trained;
      boolean same =
          Arrays.equals(
              before,
              (int) slot.offset(),
              (int) slot.end(),
              after,
              (int) slot.offset(),
              (int) slot.end());
      assertThat(same).as(slot.name()).isEqualTo(!isTrained);
    }
    ShardIndex index =
        context
            .storage()
            .readJson(TestNight.RUN.dataset() + "/" + ShardIndex.FILE_NAME, ShardIndex.class);
    assertThat(result.counts())
        .containsEntry("parameters", network.numParams())
        .containsEntry("tokens", result.counts().get("epochs") * index.tokens(Split.TRAIN));
    assertThat(accuracy(context, documents)).isGreaterThan(tune == Tune.FROZEN ? 0.6 : 0.95);
    assertThat(context.artefacts().manifest(MODEL).provenance().inputs())
        .containsKey("encoder/tiny");
  }

  @Test
  void refusesAMinibatchThatCannotFitBeforeItTrains() {
    StageContext context = night(root, Progress.SILENT);
    publishInputs(context);
    TrainConfig plain = tuningConfig(1);
    TrainConfig huge =
        TrainConfig.builder(
                plain.averaging(),
                new BatchLimits(Integer.MAX_VALUE, Integer.MAX_VALUE),
                plain.stopping())
            .build();

    assertThatThrownBy(() -> TestTrainings.train(context, huge, model(Tune.FULL), adamw(), ""))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("Training 3 of 3 blocks takes about ")
        .hasMessageContaining("lower train.batch.tokens to ");
    assertThat(context.storage().exists(STATES)).isFalse();
  }

  /** Returns the fraction of right topics. */
  private static double accuracy(StageContext context, List<TestDataset.Document> documents) {
    Classifier classifier = Classifier.shared(ModelFiles.read(context.artefacts().open(MODEL)));
    float[][][] answers =
        classifier.probabilities(documents.stream().map(TestDataset.Document::text).toList());
    int right = 0;
    for (int i = 0; i < documents.size(); i++) {
      right += answers[i][0][documents.get(i).topic()] > 0.5 ? 1 : 0;
    }
    return (double) right / documents.size();
  }

  @Test
  void aKilledTrainingGoesOnWithTheSameVectorsAndEndsAsAnUnbrokenOneToTheBit() throws Exception {
    copyTheKilledTraining();
    List<String> notes = new ArrayList<>();
    StageContext context = night(root, (done, total, note) -> notes.add(note));
    TestTrainings.train(context, tuningConfig(6), model(Tune.TOP), adamw(), "");

    requireSame(network(context), unbroken);
    assertThat(notes).noneMatch(note -> note.startsWith("vectors"));
    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.resumes()).isEqualTo(1);
  }

  @Test
  void severalNetworksShareTheVectorsOfTheRows(@TempDir Path other) {
    StageContext whole = night(root, Progress.SILENT);
    publishInputs(whole);
    TestTrainings.train(whole, tuningConfig(2), model(Tune.TOP), adamw(), "");
    List<String> notes = new ArrayList<>();
    StageContext context = night(other, (done, total, note) -> notes.add(note));
    publishInputs(context);
    TrainConfig two =
        TrainConfig.builder(
                tuningConfig(2).averaging(), tuningConfig(2).batch(), tuningConfig(2).stopping())
            .schedule(tuningConfig(2).schedule())
            .guards(tuningConfig(2).guards())
            .seed(7)
            .seeds(2)
            .build();

    TestTrainings.train(context, two, model(Tune.TOP), adamw(), "");

    requireSame(network(context), network(whole));
    assertThat(network(context, 2).params()).isNotEqualTo(network(context).params());
    assertThat(notes.stream().filter(note -> note.startsWith("vectors"))).hasSize(1);
    assertThat(context.storage().exists(STATES)).isFalse();
  }

  @Test
  void whatATrainingLeftThatWasKilledAfterItHadPublishedIsRemoved() throws Exception {
    StageContext context = night(root, Progress.SILENT);
    publishInputs(context);
    TestTrainings.train(context, tuningConfig(1), model(Tune.TOP), adamw(), "");
    Path run = root.resolve(TestNight.RUN.folder());
    for (String folder : List.of("states", "teacher")) {
      Files.createDirectories(run.resolve(folder));
      Files.writeString(run.resolve(folder).resolve("MANIFEST.json"), "{}");
    }

    assertThatThrownBy(
            () -> TestTrainings.train(context, tuningConfig(1), model(Tune.TOP), adamw(), ""))
        .isInstanceOf(Failure.AlreadyPublished.class);

    assertThat(run.resolve("states")).doesNotExist();
    assertThat(run.resolve("teacher")).doesNotExist();
    assertThat(run.resolve("checkpoints")).exists();
  }

  @Test
  void damagedVectorsAreComputedAgain() throws Exception {
    copyTheKilledTraining();
    flipByte(root.resolve(STATES).resolve("train-00001-00000.f16"));
    List<String> warnings = new ArrayList<>();

    StageContext context = with(night(root, Progress.SILENT), TestNight.hearing(warnings));
    TestTrainings.train(context, tuningConfig(6), model(Tune.TOP), adamw(), "");

    assertThat(warnings)
        .filteredOn(warning -> warning.startsWith("the vectors of the rows are computed again: "))
        .singleElement()
        .asString()
        .contains("train-00001-00000.f16' is damaged");
    requireSame(network(context), unbroken);
  }

  @ParameterizedTest
  @CsvSource({"10000, 3", "0.0000001, 0"})
  void trainsAsManyBlocksAsFitTheTime(double minutes, int trained) {
    StageContext context = night(root, Progress.SILENT);
    publishInputs(context);

    StageResult result =
        TestTrainings.train(context, tuningConfig(1, minutes), model(Tune.AUTO), adamw(), "");

    assertThat(result.summary())
        .startsWith("tiny, %d of 3 blocks trained, about ".formatted(trained));
    assertThat(result.summary().contains("(3 blocks: train.budget-minutes "))
        .isEqualTo(trained < 3);
    TuneChoice choice =
        context
            .storage()
            .readJson(TestNight.RUN.folder() + "/" + TuneChoice.FILE_NAME, TuneChoice.class);
    assertThat(choice.trained()).isEqualTo(trained);
    assertThat(choice.minutes()).containsOnlyKeys(0, 1, 2, 3);
    assertThat(choice.minutes().get(3)).isGreaterThan(choice.minutes().get(0));
    assertThat(choice.gibibytes()).containsOnlyKeys(0, 1, 2, 3);
    assertThat(choice.gibibytes().get(3))
        .isGreaterThan(choice.gibibytes().get(0))
        .isLessThan(choice.allowedGibibytes());
  }

  @ParameterizedTest
  @CsvSource({"0.1, '1 of 3 blocks trained, about 0.1 of 0.1 minutes'", "1000, 3 of 3 blocks"})
  void aRunKeepsItsChoiceForItsBudget(double minutes, String choice) {
    StageContext context = night(root, Progress.SILENT);
    publishInputs(context);
    TuneChoice before =
        new TuneChoice(
            Encoders.in(context.storage())
                .open("tiny")
                .reference(context.spark().sparkContext())
                .identity(),
            context.artefacts().open(TestNight.RUN.dataset()).hash(ShardIndex.FILE_NAME),
            3,
            1,
            0.1,
            Map.of(0, 0.01, 1, 0.05, 3, 0.2),
            Map.of(),
            1);
    context
        .storage()
        .replace(TestNight.RUN.folder() + "/" + TuneChoice.FILE_NAME, Json.pretty(before));

    StageResult result =
        TestTrainings.train(context, tuningConfig(1, minutes), model(Tune.AUTO), adamw(), "");

    assertThat(result.summary()).startsWith("tiny, " + choice);
  }

  @Test
  void aCheckpointOfAnotherDepthIsNotResumed() throws IOException {
    copyTheKilledTraining();
    StageContext context = night(root, Progress.SILENT);

    assertThatThrownBy(
            () -> TestTrainings.train(context, tuningConfig(6), model(Tune.FULL), adamw(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("belongs to another model, updater or train configuration");
  }

  @Test
  void refusesAnEncoderThatIsNotTheOneOfTheTokens() throws Exception {
    StageContext context = night(root, Progress.SILENT);
    publishInputs(context);
    context.artefacts().retire("encoders/tiny");
    assertThat(Files.exists(root.resolve("encoders/tiny"))).isFalse();

    assertThatThrownBy(
            () -> TestTrainings.train(context, tuningConfig(1), model(Tune.TOP), adamw(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("There is no encoder 'tiny'");
  }
}
