package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.config.Schedule;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.pipeline.stage.train.checkpoint.WeightAveraging;
import io.attune.pipeline.stage.train.data.Resample;
import io.attune.pipeline.stage.train.data.ResamplingChoice;
import io.attune.schemas.Sha256;
import io.attune.schemas.json.Json;
import io.attune.schemas.table.Split;
import java.util.Map;

/**
 * Describes the training that the user asked for.
 *
 * @param linear settings of the linear part
 * @param yaml the resolved configuration as a whole
 */
record TrainingSpec(
    TrainConfig train, ModelConfig model, UpdaterConfig updater, LinearConfig linear, String yaml) {

  /**
   * Holds the settings that must be the same for a training to resume.
   *
   * @param resampling null for none
   * @param wordDropout null for 0
   * @param weightAveraging null for none
   */
  private record ResumeIdentity(
      String encoder,
      ModelConfig model,
      UpdaterConfig updater,
      AveragingConfig averaging,
      BatchLimits batch,
      Schedule schedule,
      Guards guards,
      long seed,
      ResamplingChoice resampling,
      Double wordDropout,
      WeightAveraging weightAveraging) {}

  /**
   * Returns the SHA-256 of all settings that a checkpoint depends on; workers, the fraction of the
   * time that averaging may take, the number of networks, and what ends the training may change.
   *
   * @param encoder identifies the trained part of a pretrained encoder; empty without one
   */
  String identity(String encoder) {
    AveragingConfig averaging =
        train.averaging().toBuilder().workers(0).maxAveragingShare(0).build();
    return Sha256.of(
        Json.line(
            new ResumeIdentity(
                encoder,
                model,
                updater,
                averaging,
                train.batch(),
                train.schedule(),
                train.guards(),
                train.seed(),
                train.resampling().by() == Resample.NONE ? null : train.resampling(),
                train.wordDropout() == 0 ? null : train.wordDropout(),
                train.weightAveraging().isOff() ? null : train.weightAveraging())));
  }

  /** Returns the same with the seed of one of its networks. */
  TrainingSpec withSeed(long seed) {
    return new TrainingSpec(train.withSeed(seed), model, updater, linear, yaml);
  }

  /** Describes the task to a network. */
  Networks.Task task(TrainingData data) {
    return new Networks.Task(
        data.index().vocabulary(),
        data.index().maxTokens(),
        data.labels(),
        train.seed(),
        data.index().labelCounts().getOrDefault(Split.TRAIN.word(), Map.of()));
  }
}
