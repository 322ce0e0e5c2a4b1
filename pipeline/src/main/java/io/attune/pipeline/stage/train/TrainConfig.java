package io.attune.pipeline.stage.train;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.config.InnerState;
import io.attune.neural.averaging.config.OuterConfig;
import io.attune.neural.averaging.config.Schedule;
import java.util.Locale;

/**
 * How the network is trained: the group {@code train} of a task's configuration.
 *
 * @param workers networks trained side by side; 0 for one on each core slot that Spark has
 * @param epochs passes over the train split, at most
 * @param batchRows rows of a minibatch, at most
 * @param batchTokens tokens of a minibatch, padding included, at most
 * @param averagingFrequency minibatches that each worker trains between two averages
 * @param maxAveragingShare share of the time that averaging may take, by which the frequency is
 *     chosen; 0 to keep {@code averagingFrequency}
 * @param warmUpRounds first rounds, of one minibatch each
 * @param outer what is done with the average
 * @param innerState what becomes of the optimizer's state of the workers after a round
 * @param schedule how the learning rate goes after the warm-up that {@code updater} has
 * @param maxGradientNorm over all parameters; larger gradients are scaled down to it; 0 for never
 * @param quorum share of the workers whose results must be finite
 * @param divergenceRatio a round diverges if its loss is so many times that of the first; 0 for
 *     never
 * @param rollbacks how often a round that diverged is trained again with half the step
 * @param checkpointEveryRounds averaging rounds between two checkpoints
 * @param patience epochs without a better validation score after which training stops; 0 for never
 * @param validationMetric what makes an epoch the best so far
 * @param seed of everything random
 * @param device what the workers compute on
 * @param gpuDiscoveryScript on the executors' machines; empty where the cluster knows its GPUs
 */
public record TrainConfig(
    int workers,
    int epochs,
    int batchRows,
    int batchTokens,
    int averagingFrequency,
    double maxAveragingShare,
    int warmUpRounds,
    OuterConfig outer,
    InnerState innerState,
    Decay schedule,
    double maxGradientNorm,
    double quorum,
    double divergenceRatio,
    int rollbacks,
    int checkpointEveryRounds,
    int patience,
    ValidationMetric validationMetric,
    long seed,
    Device device,
    String gpuDiscoveryScript) {

  /**
   * The learning rate after the warm-up.
   *
   * @param floor share of the rate that it never falls below
   */
  public record Decay(Schedule.Kind kind, double floor) {}

  /** What the best epoch is chosen by. */
  public enum ValidationMetric {
    /** Lower is better. */
    LOSS,
    /** Mean over the heads, higher is better; the lower loss of two that are equal. */
    ACCURACY
  }

  public TrainConfig {
    require(workers >= 0, "train.workers must be 0 (one a core) or more, got %d", workers);
    require(epochs >= 1, "train.epochs must be at least 1, got %d", epochs);
    require(batchRows >= 1, "train.batch-rows must be at least 1, got %d", batchRows);
    require(batchTokens >= 1, "train.batch-tokens must be at least 1, got %d", batchTokens);
    require(
        averagingFrequency >= 1,
        "train.averaging-frequency must be at least 1 minibatch, got %d",
        averagingFrequency);
    require(
        maxAveragingShare >= 0 && maxAveragingShare < 1,
        "train.max-averaging-share must be 0 (averaging-frequency stays) or below 1, got %s",
        maxAveragingShare);
    require(warmUpRounds >= 0, "train.warm-up-rounds must not be negative, got %d", warmUpRounds);
    require(
        schedule.floor() >= 0 && schedule.floor() <= 1,
        "train.schedule.floor must be in [0, 1], got %s",
        schedule.floor());
    require(
        maxGradientNorm >= 0,
        "train.max-gradient-norm must be 0 (never) or more, got %s",
        maxGradientNorm);
    require(
        checkpointEveryRounds >= 1,
        "train.checkpoint-every-rounds must be at least 1, got %d",
        checkpointEveryRounds);
    require(patience >= 0, "train.patience must be 0 (never) or more epochs, got %d", patience);
    require(quorum > 0 && quorum <= 1, "train.quorum must be in (0, 1], got %s", quorum);
    require(
        divergenceRatio == 0 || divergenceRatio > 1,
        "train.divergence-ratio must be 0 (never) or above 1, got %s",
        divergenceRatio);
    require(
        device == Device.CPU || workers >= 1,
        "train.workers must be 1 or more with train.device %s: Spark does not say how many GPUs the"
            + " cluster has",
        device.toString().toLowerCase(Locale.ROOT).replace('_', '-'));
    require(rollbacks >= 0, "train.rollbacks must not be negative, got %d", rollbacks);
  }

  Guards guards() {
    return new Guards(quorum, divergenceRatio, rollbacks);
  }
}
