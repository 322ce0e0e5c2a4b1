package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.CHECKPOINTS;
import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.flipByte;
import static io.attune.pipeline.stage.train.TestTrainings.killedAt;
import static io.attune.pipeline.stage.train.TestTrainings.model;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.schemas.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests checkpoints and datasets that training refuses. */
class RefusedTrainingTest {
  @TempDir Path root;

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
          state.replace("\"version\" : 3", "\"version\" : 2").getBytes(StandardCharsets.UTF_8);
      context.artefacts().retire(CHECKPOINTS + "/" + name);
      context
          .artefacts()
          .publish(
              CHECKPOINTS + "/" + name,
              context.recorder().record("train", java.util.Map.of()),
              staging -> {
                staging.write("state.json", older);
                return java.util.Map.of();
              });
    }

    assertThatThrownBy(() -> TestTrainings.train(context, config(2, 6), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("belongs to another format version: 2, this run has 3");
  }

  @Test
  void refusesToGoOnWhereNoCheckpointIsWhole() throws Exception {
    killedAt(root, 310);
    StageContext context = night(root, Progress.SILENT);
    for (String name : context.storage().list(CHECKPOINTS)) {
      flipByte(root.resolve(CHECKPOINTS).resolve(name).resolve("parameters.f32"));
    }

    assertThatThrownBy(() -> TestTrainings.train(context, config(2, 6), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("None of the 2 checkpoints")
        .hasMessageContaining("to train from the beginning")
        .hasMessageContaining("parameters.f32' is damaged");
    assertThat(context.storage().exists(MODEL)).isFalse();
  }

  @Test
  void refusesACheckpointOfAnotherConfiguration() {
    killedAt(root, 310);
    UpdaterConfig faster = new UpdaterConfig(UpdaterConfig.Kind.ADAM, 0.5, 0.9, 0.999, 1e-8, 0);

    assertThatThrownBy(
            () ->
                TestTrainings.train(
                    night(root, Progress.SILENT), config(2, 6), model(), faster, ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("belongs to another model, updater or train configuration")
        .hasMessageContaining("to train from the beginning");
  }

  @Test
  void refusesAShardThatIsNotWhatWasPublished() throws Exception {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(40, 1), TestDataset.documents(10, 2));
    flipByte(root.resolve(TestNight.RUN.dataset()).resolve("shards/train-00001.parquet"));

    assertThatThrownBy(() -> TestTrainings.train(context, config(2, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("shards/train-00001.parquet' is damaged");
    assertThat(context.storage().exists(MODEL)).isFalse();
  }

  @Test
  void refusesAMissingShard() throws Exception {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(40, 1), TestDataset.documents(10, 2));
    Files.delete(root.resolve(TestNight.RUN.dataset()).resolve("shards/validation-00000.parquet"));

    assertThatThrownBy(() -> TestTrainings.train(context, config(2, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("lists 'shards/validation-00000.parquet', and it is missing");
  }

  @Test
  void refusesAnEmptyValidationSplitAndMoreWorkersThanRows() {
    StageContext context = night(root, Progress.SILENT);
    assertThatThrownBy(() -> TestTrainings.train(context, config(2, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("run the stage that publishes it first");

    TestDataset.publish(context, TestDataset.documents(40, 1), List.of());
    assertThatThrownBy(() -> TestTrainings.train(context, config(2, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has no rows in its validation split");
  }

  @Test
  void refusesMoreWorkersThanRows() {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TestDataset.documents(6, 1), TestDataset.documents(3, 2));

    assertThatThrownBy(() -> TestTrainings.train(context, config(7, 1), model(), updater(), ""))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("train.averaging.workers is 7, and the train split has 6 rows");
  }
}
