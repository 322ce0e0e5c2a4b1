package io.attune.pipeline.stage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.config.InnerState;
import io.attune.neural.averaging.config.OuterConfig;
import io.attune.neural.averaging.config.Schedule;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.stage.train.TrainConfig.ValidationMetric;
import io.attune.pipeline.storage.InProcessHdfs;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class TrainTest {
  private static final TrainConfig.Decay CONSTANT =
      new TrainConfig.Decay(Schedule.Kind.CONSTANT, 0);
  private static final String MODEL = TestNight.RUN.model();
  private static final String CHECKPOINTS = TestNight.RUN.folder() + "/checkpoints";

  @TempDir Path root;

  @Test
  void learnsATinyCorpusByHeartAndPublishesAModelThatAnswers() {
    List<TestDataset.Document> documents = TestDataset.documents(200, 1);
    List<String> notes = new ArrayList<>();
    StageContext context = night(root, (done, total, note) -> notes.add(done + "/" + total + note));
    TestDataset.publish(context, documents, TestDataset.documents(40, 2));

    StageResult result = Train.run(context, config(2, 30), model(), updater(), "task: test\n");

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
    Classifier classifier = Classifier.shared(ModelFiles.read(context.storage(), MODEL));
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

    Train.run(context, config(3, 4), model(), updater(), "");

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
        .containsPattern("\"headEntropy\":\\[\\[\\d\\.\\d+,\\d\\.\\d+\\]\\]");
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
  void aKilledTrainingGoesOnAndEndsAsAnUnbrokenOneToTheBit(@TempDir Path other) throws Exception {
    ComputationGraph unbroken = trained(night(root, Progress.SILENT), config(2, 6));

    killedAt(other, 310);
    StageContext context = night(other, Progress.SILENT);
    assertThat(context.storage().list(CHECKPOINTS)).hasSize(2);
    Train.run(context, config(2, 6), model(), updater(), "");

    requireSame(network(context), unbroken);
    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.resumes()).isEqualTo(1);
    assertThat(record.rowsTrained()).isEqualTo(600);
    assertThat(Files.readAllLines(other.resolve(TestNight.RUN.folder()).resolve("metrics.jsonl")))
        .hasSize(record.rounds() + 6);
  }

  @Test
  void aTrainingThatRunsOutOfSpaceGoesOnToTheBitWhenThereIsSome(@TempDir Path other)
      throws Exception {
    ComputationGraph unbroken = trained(night(root, Progress.SILENT), config(2, 6));

    try (InProcessHdfs hdfs = new InProcessHdfs(other)) {
      DistributedFileSystem files = (DistributedFileSystem) hdfs.files();
      StageContext context = TestNight.on(hdfs.root(), hdfs.configuration());
      org.apache.hadoop.fs.Path folder = context.storage().resolve(TestNight.RUN.folder());
      TestDataset.publish(context, TestDataset.documents(100, 1), TestDataset.documents(20, 2));
      files.mkdirs(folder);
      Progress filling =
          (done, total, note) -> {
            if (done >= 310) {
              setSpace(files, folder, 1);
            }
          };

      assertThatThrownBy(
              () -> Train.run(with(context, filling), config(2, 6), model(), updater(), ""))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("quota");
      assertThat(context.storage().list(CHECKPOINTS)).hasSize(2);
      assertThat(context.storage().exists(MODEL)).isFalse();

      setSpace(files, folder, HdfsConstants.QUOTA_RESET);
      Train.run(context, config(2, 6), model(), updater(), "");

      requireSame(network(context), unbroken);
    }
  }

  /** A quota of space is what HDFS has for a disk that is full. */
  private static void setSpace(
      DistributedFileSystem files, org.apache.hadoop.fs.Path folder, long bytes) {
    try {
      files.setQuota(folder, HdfsConstants.QUOTA_DONT_SET, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aKilledTrainingWithMomentumWarmUpAndScheduleGoesOnToTheBit(@TempDir Path other) {
    TrainConfig config =
        config(
            2,
            new OuterConfig(OuterConfig.Kind.NESTEROV, 0.6, 0.7),
            3,
            new TrainConfig.Decay(Schedule.Kind.COSINE, 0.1));
    UpdaterConfig updater =
        new UpdaterConfig(UpdaterConfig.Kind.ADAM, 0.02, 0.9, 0.999, 1e-8, 0, 4);
    StageContext whole = night(root, Progress.SILENT);
    TestDataset.publish(whole, TestDataset.documents(100, 1), TestDataset.documents(20, 2));
    Train.run(whole, config, model(), updater, "");

    killedAt(other, 310, config, updater);
    StageContext context = night(other, Progress.SILENT);
    Train.run(context, config, model(), updater, "");

    requireSame(network(context), network(whole));
  }

  @Test
  void refusesACheckpointOfAnotherFormat() throws Exception {
    killedAt(root, 310);
    StageContext context = night(root, Progress.SILENT);
    for (String name : context.storage().list(CHECKPOINTS)) {
      String state =
          new String(
              context.storage().read(CHECKPOINTS + "/" + name + "/state.json"),
              StandardCharsets.UTF_8);
      byte[] older =
          state.replace("\"version\" : 2", "\"version\" : 1").getBytes(StandardCharsets.UTF_8);
      context.storage().retire(CHECKPOINTS + "/" + name);
      context
          .storage()
          .publish(
              CHECKPOINTS + "/" + name,
              context.recorder().record("train", java.util.Map.of()),
              staging -> {
                staging.write("state.json", older);
                return java.util.Map.of();
              });
    }

    assertThatThrownBy(() -> Train.run(context, config(2, 6), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is of another format version: 1, this run has 2");
  }

  @Test
  void keepsTheEpochOfTheHighestAccuracyIfToldSo() {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(100, 1), TestDataset.documents(30, 2));

    Train.run(context, config(2, 12, 100, 0, ValidationMetric.ACCURACY), model(), updater(), "");

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
  void aDamagedCheckpointIsLeftOutForTheOneBefore(@TempDir Path other) throws Exception {
    ComputationGraph unbroken = trained(night(root, Progress.SILENT), config(2, 6));
    killedAt(other, 310);
    StageContext context = night(other, Progress.SILENT);
    List<String> names = context.storage().list(CHECKPOINTS);
    flipByte(other.resolve(CHECKPOINTS).resolve(names.get(1)).resolve("parameters.f32"));

    Train.run(context, config(2, 6), model(), updater(), "");

    requireSame(network(context), unbroken);
    assertThat(context.storage().list(CHECKPOINTS)).hasSize(2);
  }

  @Test
  void refusesToGoOnWhereNoCheckpointIsWhole() throws Exception {
    killedAt(root, 310);
    StageContext context = night(root, Progress.SILENT);
    for (String name : context.storage().list(CHECKPOINTS)) {
      flipByte(root.resolve(CHECKPOINTS).resolve(name).resolve("parameters.f32"));
    }

    assertThatThrownBy(() -> Train.run(context, config(2, 6), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("None of the 2 checkpoints")
        .hasMessageContaining("to train from the beginning")
        .hasMessageContaining("parameters.f32' is damaged");
    assertThat(context.storage().exists(MODEL)).isFalse();
  }

  @Test
  void tensorBoardSeesEveryRoundOnceAfterATrainingGoesOn() {
    killedAt(root, 310);
    StageContext context = night(root, Progress.SILENT);

    Train.run(context, config(2, 6), model(), updater(), "");

    List<TensorBoardEvents.Event> second = events(context, 1);
    TensorBoardEvents.Event start = second.get(1);
    assertThat(start.starts()).isTrue();
    List<Long> steps = new ArrayList<>();
    events(context, 0).stream()
        .filter(event -> event.tag().equals("loss/train") && event.step() < start.step())
        .forEach(event -> steps.add(event.step()));
    second.stream()
        .filter(event -> event.tag().equals("loss/train"))
        .forEach(event -> steps.add(event.step()));
    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(start.step()).isGreaterThan(1);
    assertThat(steps)
        .containsExactlyElementsOf(
            java.util.stream.LongStream.rangeClosed(1, record.rounds()).boxed().toList());
  }

  @Test
  void anotherNumberOfWorkersTrainsTheRowsThatWereLeft(@TempDir Path other) throws Exception {
    killedAt(other, 310);
    StageContext context = night(other, Progress.SILENT);

    Train.run(context, config(3, 6), model(), updater(), "");

    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.rowsTrained()).isEqualTo(600);
    assertThat(record.rowsPlanned()).isEqualTo(600);
  }

  @Test
  void refusesACheckpointOfAnotherConfiguration() {
    killedAt(root, 310);
    UpdaterConfig faster = new UpdaterConfig(UpdaterConfig.Kind.ADAM, 0.5, 0.9, 0.999, 1e-8, 0, 0);

    assertThatThrownBy(
            () -> Train.run(night(root, Progress.SILENT), config(2, 6), model(), faster, ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is of another model, updater or train configuration")
        .hasMessageContaining("to train from the beginning");
  }

  @Test
  void refusesAShardThatIsNotWhatWasPublished() throws Exception {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(40, 1), TestDataset.documents(10, 2));
    flipByte(root.resolve(TestNight.RUN.dataset()).resolve("shards/train-00001.parquet"));

    assertThatThrownBy(() -> Train.run(context, config(2, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("shards/train-00001.parquet' is damaged");
    assertThat(context.storage().exists(MODEL)).isFalse();
  }

  @Test
  void refusesAMissingShard() throws Exception {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(40, 1), TestDataset.documents(10, 2));
    Files.delete(root.resolve(TestNight.RUN.dataset()).resolve("shards/validation-00000.parquet"));

    assertThatThrownBy(() -> Train.run(context, config(2, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("lists 'shards/validation-00000.parquet', and it is missing");
  }

  @Test
  void refusesAnEmptyValidationSplitAndMoreWorkersThanRows() {
    StageContext context = night(root, Progress.SILENT);
    assertThatThrownBy(() -> Train.run(context, config(2, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("run the stage that publishes it first");

    TestDataset.publish(context, TestDataset.documents(40, 1), List.of());
    assertThatThrownBy(() -> Train.run(context, config(2, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has no rows in its validation split");
  }

  @Test
  void refusesMoreWorkersThanRows() {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(6, 1), TestDataset.documents(3, 2));

    assertThatThrownBy(() -> Train.run(context, config(7, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("train.workers is 7, and the train split has 6 rows");
  }

  @Test
  void publishesOnce() {
    StageContext context = night(root, Progress.SILENT);
    trained(context, config(1, 1));

    assertThatThrownBy(() -> Train.run(context, config(1, 1), model(), updater(), ""))
        .isInstanceOf(Failure.AlreadyPublished.class);
  }

  @Test
  void stopsWhenItsPatienceIsOverAndKeepsTheBestEpoch() {
    StageContext context = night(root, Progress.SILENT);
    // Validation labels are the opposite of what training teaches: its loss soon only grows.
    List<TestDataset.Document> opposite =
        TestDataset.documents(30, 2).stream()
            .map(d -> new TestDataset.Document(d.text(), 1 - d.topic(), -1))
            .toList();
    TestDataset.publish(context, TestDataset.documents(100, 1), opposite);
    TrainConfig config = config(2, 30, 100, 2, ValidationMetric.LOSS);

    Train.run(context, config, model(), updater(), "");

    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.epochs()).isLessThan(30).isEqualTo(record.bestEpoch() + 2);
    double best = record.curve().get(record.bestEpoch() - 1).validationLoss();
    assertThat(record.curve()).allMatch(epoch -> epoch.validationLoss() >= best);
    float[][][] answers =
        Classifier.shared(ModelFiles.read(context.storage(), MODEL))
            .probabilities(opposite.stream().map(TestDataset.Document::text).toList());
    double loss = 0;
    for (int i = 0; i < answers.length; i++) {
      loss -= Math.log(answers[i][0][opposite.get(i).topic()]) / answers.length;
    }
    assertThat(loss).isCloseTo(best, within(1e-4));
  }

  @Test
  void checksItsConfiguration() {
    assertThatThrownBy(() -> config(2, 1, 0, 0, ValidationMetric.LOSS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("train.checkpoint-every-rounds must be at least 1, got 0");
    assertThatThrownBy(() -> config(0, OuterConfig.PLAIN, 0, CONSTANT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("train.averaging-frequency must be at least 1 minibatch, got 0");
    assertThatThrownBy(() -> config(1, OuterConfig.PLAIN, -1, CONSTANT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("train.warm-up-rounds must not be negative, got -1");
    assertThatThrownBy(
            () -> config(1, OuterConfig.PLAIN, 0, new TrainConfig.Decay(Schedule.Kind.LINEAR, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("train.schedule.floor must be in [0, 1], got 2.0");
  }

  private static ComputationGraph trained(StageContext context, TrainConfig config) {
    return trained(context, config, model());
  }

  private static ComputationGraph trained(
      StageContext context, TrainConfig config, ModelConfig model) {
    TestDataset.publish(context, TestDataset.documents(100, 1), TestDataset.documents(20, 2));
    Train.run(context, config, model, updater(), "");
    return network(context);
  }

  /** Trains until so many rows are done, and stops as a killed process would. */
  private static void killedAt(Path root, long rows) {
    killedAt(root, rows, config(2, 6), updater());
  }

  private static void killedAt(Path root, long rows, TrainConfig config, UpdaterConfig updater) {
    StageContext context =
        night(
            root,
            (done, total, note) -> {
              if (done >= rows) {
                throw new IllegalStateException("killed");
              }
            });
    TestDataset.publish(context, TestDataset.documents(100, 1), TestDataset.documents(20, 2));
    assertThatThrownBy(() -> Train.run(context, config, model(), updater, "")).hasMessage("killed");
  }

  private static ComputationGraph network(StageContext context) {
    try {
      return ModelSerializer.restoreComputationGraph(
          new ByteArrayInputStream(context.storage().read(MODEL + "/" + ModelBundle.NETWORK)),
          true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<TensorBoardEvents.Event> events(StageContext context, int attempt) {
    String folder = TestNight.RUN.folder();
    List<String> files =
        context.storage().list(folder).stream()
            .filter(name -> name.startsWith(EventFile.PREFIX))
            .toList();
    return TensorBoardEvents.read(context.storage().read(folder + "/" + files.get(attempt)));
  }

  private static void requireSame(ComputationGraph actual, ComputationGraph expected) {
    // Places, not values: thousands of floats say nothing in a message.
    assertThat(Arrays.mismatch(floats(actual.params()), floats(expected.params())))
        .as("first parameter that differs")
        .isEqualTo(-1);
    assertThat(Arrays.mismatch(updater(actual), updater(expected)))
        .as("first value of updater state that differs")
        .isEqualTo(-1);
    assertThat(actual.getIterationCount()).isEqualTo(expected.getIterationCount());
  }

  private static float[] floats(INDArray array) {
    return array.toFloatVector();
  }

  private static float[] updater(ComputationGraph network) {
    return floats(network.getUpdater().getStateViewArray());
  }

  private static void flipByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private static StageContext night(Path root, Progress progress) {
    return with(TestNight.in(root), progress);
  }

  private static StageContext with(StageContext plain, Progress progress) {
    return new StageContext(
        plain.spark(), plain.storage(), plain.tables(), plain.run(), plain.recorder(), progress);
  }

  /** Two minibatches a round, a checkpoint every other round. */
  private static TrainConfig config(int workers, int epochs) {
    return config(workers, epochs, 2, 0, ValidationMetric.LOSS);
  }

  private static TrainConfig config(
      int workers, int epochs, int checkpointEvery, int patience, ValidationMetric metric) {
    return new TrainConfig(
        workers,
        epochs,
        16,
        512,
        2,
        0,
        0,
        OuterConfig.PLAIN,
        InnerState.AVERAGE,
        CONSTANT,
        0,
        1,
        0,
        0,
        checkpointEvery,
        patience,
        metric,
        7,
        Device.CPU,
        "");
  }

  /** Two workers, six epochs, a checkpoint every other round. */
  private static TrainConfig config(
      int frequency, OuterConfig outer, int warmUpRounds, TrainConfig.Decay schedule) {
    return new TrainConfig(
        2,
        6,
        16,
        512,
        frequency,
        0,
        warmUpRounds,
        outer,
        InnerState.AVERAGE,
        schedule,
        1,
        0.5,
        3,
        3,
        2,
        0,
        ValidationMetric.LOSS,
        7,
        Device.CPU,
        "");
  }

  private static UpdaterConfig updater() {
    return new UpdaterConfig(UpdaterConfig.Kind.ADAM, 0.02, 0.9, 0.999, 1e-8, 0, 0);
  }

  private static ModelConfig lstmWithBalancedClasses() {
    return new ModelConfig(
        ModelConfig.Kind.LSTM_ATTENTION,
        1,
        1,
        8,
        1,
        Norm.PRE,
        FeedForwardActivation.RELU,
        Positions.NONE,
        Pooling.ATTENTION,
        new Dropout(0.1, 0, 0, 0, 0.2),
        0,
        0,
        Map.of(),
        true);
  }

  private static ModelConfig model() {
    return new ModelConfig(
        ModelConfig.Kind.SELF_ATTENTION,
        1,
        2,
        16,
        16,
        Norm.PRE,
        FeedForwardActivation.RELU,
        Positions.LEARNED,
        Pooling.ATTENTION,
        Dropout.NONE,
        0,
        0);
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
