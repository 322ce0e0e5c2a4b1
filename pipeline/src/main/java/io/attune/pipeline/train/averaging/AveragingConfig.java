package io.attune.pipeline.train.averaging;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * How the averaging master trains. Start from {@link #plain} and change what should differ.
 *
 * @param workers networks trained side by side, one in each Spark task of a round
 * @param averagingFrequency minibatches that each worker trains between two averages
 * @param maxAveragingShare share of the time that averaging may take: the frequency is then chosen
 *     by what rounds are measured to cost, and {@code averagingFrequency} is where it starts; 0 to
 *     keep that. A choice by the clock is not the same in another run: two runs of one seed differ
 * @param limits size of a minibatch
 * @param seed of everything random: the same seed, data and number of workers give the same network
 * @param warmUpRounds first rounds of the training, of one minibatch each and averaged plainly (Lin
 *     et al. 2018: local SGD works better after some steps in step)
 */
public record AveragingConfig(
    int workers,
    int averagingFrequency,
    double maxAveragingShare,
    BatchLimits limits,
    long seed,
    Outer outer,
    InnerState innerState,
    int warmUpRounds,
    Steps steps,
    Guards guards)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public AveragingConfig {
    require(workers >= 1, "workers must be at least 1, got %d", workers);
    require(
        averagingFrequency >= 1,
        "averaging-frequency must be at least 1 minibatch, got %d",
        averagingFrequency);
    require(
        maxAveragingShare >= 0 && maxAveragingShare < 1,
        "train.max-averaging-share must be 0 (averaging-frequency stays) or below 1, got %s",
        maxAveragingShare);
    require(warmUpRounds >= 0, "train.warm-up-rounds must not be negative, got %d", warmUpRounds);
  }

  /** Parameter averaging and nothing else; whatever is not finite ends the training. */
  public static AveragingConfig plain(
      int workers, int averagingFrequency, BatchLimits limits, long seed) {
    return new AveragingConfig(
        workers,
        averagingFrequency,
        0,
        limits,
        seed,
        Outer.PLAIN,
        InnerState.AVERAGE,
        0,
        Steps.PLAIN,
        Guards.STRICT);
  }

  public AveragingConfig withMaxAveragingShare(double other) {
    return new AveragingConfig(
        workers,
        averagingFrequency,
        other,
        limits,
        seed,
        outer,
        innerState,
        warmUpRounds,
        steps,
        guards);
  }

  public AveragingConfig with(Outer other) {
    return new AveragingConfig(
        workers,
        averagingFrequency,
        maxAveragingShare,
        limits,
        seed,
        other,
        innerState,
        warmUpRounds,
        steps,
        guards);
  }

  public AveragingConfig with(InnerState other) {
    return new AveragingConfig(
        workers,
        averagingFrequency,
        maxAveragingShare,
        limits,
        seed,
        outer,
        other,
        warmUpRounds,
        steps,
        guards);
  }

  public AveragingConfig withWarmUpRounds(int other) {
    return new AveragingConfig(
        workers,
        averagingFrequency,
        maxAveragingShare,
        limits,
        seed,
        outer,
        innerState,
        other,
        steps,
        guards);
  }

  public AveragingConfig with(Steps other) {
    return new AveragingConfig(
        workers,
        averagingFrequency,
        maxAveragingShare,
        limits,
        seed,
        outer,
        innerState,
        warmUpRounds,
        other,
        guards);
  }

  public AveragingConfig with(Guards other) {
    return new AveragingConfig(
        workers,
        averagingFrequency,
        maxAveragingShare,
        limits,
        seed,
        outer,
        innerState,
        warmUpRounds,
        steps,
        other);
  }
}
