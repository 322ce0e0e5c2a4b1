package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.CHECKPOINTS;
import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.events;
import static io.attune.pipeline.stage.train.TestTrainings.flipByte;
import static io.attune.pipeline.stage.train.TestTrainings.killedAt;
import static io.attune.pipeline.stage.train.TestTrainings.model;
import static io.attune.pipeline.stage.train.TestTrainings.network;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.requireSame;
import static io.attune.pipeline.stage.train.TestTrainings.trained;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static io.attune.pipeline.stage.train.TestTrainings.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.config.OuterConfig;
import io.attune.neural.averaging.config.Schedule;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.train.data.Resample;
import io.attune.pipeline.storage.InProcessHdfs;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests trainings that stop and resume. */
class ResumedTrainingTest {
  private static ComputationGraph unbroken;

  /** Holds the root of the same training, killed half-way; tests go on in copies. */
  @TempDir static Path killed;

  @TempDir Path root;

  @BeforeAll
  static void trainOnceToTheEndAndOnceHalfWay(@TempDir Path whole) {
    unbroken = trained(night(whole, Progress.SILENT), config(2, 6));
    killedAt(killed, 310);
  }

  /** Returns the night after that of the killed training. */
  private StageContext afterTheKill() throws IOException {
    FileUtils.copyDirectory(killed.toFile(), root.toFile());
    return night(root, Progress.SILENT);
  }

  @Test
  void aKilledTrainingGoesOnAndEndsAsAnUnbrokenOneToTheBit() throws Exception {
    StageContext context = afterTheKill();
    assertThat(context.storage().list(CHECKPOINTS)).hasSize(2);
    TestTrainings.train(context, config(2, 6), model(), updater(), "");

    requireSame(network(context), unbroken);
    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.resumes()).isEqualTo(1);
    assertThat(record.rowsTrained()).isEqualTo(600);
    assertThat(Files.readAllLines(root.resolve(TestNight.RUN.folder()).resolve("metrics.jsonl")))
        .hasSize(record.rounds() + 6);
  }

  @Test
  void aKilledTrainingOnResampledRowsWithWordDropoutGoesOnToTheBit(@TempDir Path other) {
    TrainConfig plain = config(2, 6);
    TrainConfig config =
        TrainConfig.builder(plain.averaging(), plain.batch(), plain.stopping())
            .checkpointEveryRounds(2)
            .resample(Resample.BALANCED, "sentiment")
            .wordDropout(0.2)
            .seed(7)
            .build();
    ComputationGraph whole = trained(night(root, Progress.SILENT), config);

    killedAt(other, 310, config);
    StageContext context = night(other, Progress.SILENT);
    TestTrainings.train(context, config, model(), updater(), "");

    requireSame(network(context), whole);
    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.resumes()).isEqualTo(1);
    assertThat(record.resampling().head()).isEqualTo("sentiment");
    assertThat(record.resampling().by()).isEqualTo("balanced");
    assertThat(record.rowsTrained()).isEqualTo(6 * record.resampling().rows());
    assertThat(
            Arrays.equals(
                TestTrainings.floats(network(context).params()),
                TestTrainings.floats(unbroken.params())))
        .isFalse();
  }

  @Test
  void aTrainingThatRunsOutOfSpaceGoesOnToTheBitWhenThereIsSome() throws Exception {
    try (InProcessHdfs hdfs = new InProcessHdfs(root)) {
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
              () ->
                  TestTrainings.train(with(context, filling), config(2, 6), model(), updater(), ""))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("quota");
      assertThat(context.storage().list(CHECKPOINTS)).hasSize(2);
      assertThat(context.storage().exists(MODEL)).isFalse();

      setSpace(files, folder, HdfsConstants.QUOTA_RESET);
      TestTrainings.train(context, config(2, 6), model(), updater(), "");

      requireSame(network(context), unbroken);
    }
  }

  /** Sets a quota of space, which has the effect of a full disk on HDFS. */
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
    TrainConfig config = configWithMomentumWarmUpAndSchedule();
    StageContext whole = night(root, Progress.SILENT);
    TestDataset.publish(whole, TestDataset.documents(100, 1), TestDataset.documents(20, 2));
    TestTrainings.train(whole, config, model(), updater(), "");

    killedAt(other, 310, config);
    StageContext context = night(other, Progress.SILENT);
    TestTrainings.train(context, config, model(), updater(), "");

    requireSame(network(context), network(whole));
  }

  @Test
  void aKilledTrainingOfNgramsGoesOnToTheBit(@TempDir Path other) {
    ComputationGraph whole =
        TestTrainings.trained(night(root, Progress.SILENT), config(2, 6), TestTrainings.ngrams());

    killedAt(other, 310, config(2, 6), TestTrainings.ngrams());
    StageContext context = night(other, Progress.SILENT);
    TestTrainings.train(context, config(2, 6), TestTrainings.ngrams(), updater(), "");

    requireSame(network(context), whole);
  }

  @Test
  void aDamagedCheckpointIsLeftOutForTheOneBefore() throws Exception {
    StageContext context = afterTheKill();
    List<String> names = context.storage().list(CHECKPOINTS);
    flipByte(root.resolve(CHECKPOINTS).resolve(names.get(1)).resolve("parameters.f32"));

    TestTrainings.train(context, config(2, 6), model(), updater(), "");

    requireSame(network(context), unbroken);
    assertThat(context.storage().list(CHECKPOINTS)).hasSize(2);
  }

  @Test
  void anotherNumberOfWorkersTrainsTheRowsThatWereLeft() throws Exception {
    StageContext context = afterTheKill();

    TestTrainings.train(context, config(3, 6), model(), updater(), "");

    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.rowsTrained()).isEqualTo(600);
    assertThat(record.rowsPlanned()).isEqualTo(600);
  }

  @Test
  void tensorBoardSeesEveryRoundOnceAfterATrainingGoesOn() throws IOException {
    StageContext context = afterTheKill();

    TestTrainings.train(context, config(2, 6), model(), updater(), "");

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

  private static TrainConfig configWithMomentumWarmUpAndSchedule() {
    AveragingConfig averaging =
        AveragingConfig.builder(2, 2)
            .outer(new OuterConfig(OuterConfig.Kind.NESTEROV, 0.6, 0.7))
            .warmUpRounds(3)
            .build();
    Guards guards =
        Guards.builder().maxGradientNorm(1).quorum(0.5).divergenceRatio(3).rollbacks(3).build();
    Stopping stopping = new Stopping(6, 0, Stopping.Metric.MACRO_F1);
    return TrainConfig.builder(averaging, new BatchLimits(16, 512), stopping)
        .schedule(new Schedule(Schedule.Kind.COSINE, 0.1, 4))
        .guards(guards)
        .checkpointEveryRounds(2)
        .seed(7)
        .build();
  }
}
