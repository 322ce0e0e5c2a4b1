package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * How the averaging master trains. Made by {@link #builder}.
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
    OuterConfig outer,
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

  /**
   * Starts from plain parameter averaging, in which whatever is not finite ends the training; what
   * should differ is said to the builder.
   */
  public static Builder builder(
      int workers, int averagingFrequency, BatchLimits limits, long seed) {
    return new Builder(workers, averagingFrequency, limits, seed);
  }

  /** What differs from plain parameter averaging. */
  public static final class Builder {
    private final int workers;
    private final int averagingFrequency;
    private final BatchLimits limits;
    private final long seed;
    private double maxAveragingShare;
    private OuterConfig outer = OuterConfig.PLAIN;
    private InnerState innerState = InnerState.AVERAGE;
    private int warmUpRounds;
    private Steps steps = Steps.PLAIN;
    private Guards guards = Guards.STRICT;

    private Builder(int workers, int averagingFrequency, BatchLimits limits, long seed) {
      this.workers = workers;
      this.averagingFrequency = averagingFrequency;
      this.limits = limits;
      this.seed = seed;
    }

    public Builder maxAveragingShare(double maxAveragingShare) {
      this.maxAveragingShare = maxAveragingShare;
      return this;
    }

    public Builder outer(OuterConfig outer) {
      this.outer = outer;
      return this;
    }

    public Builder innerState(InnerState innerState) {
      this.innerState = innerState;
      return this;
    }

    public Builder warmUpRounds(int warmUpRounds) {
      this.warmUpRounds = warmUpRounds;
      return this;
    }

    public Builder steps(Steps steps) {
      this.steps = steps;
      return this;
    }

    public Builder guards(Guards guards) {
      this.guards = guards;
      return this;
    }

    /** Refuses what {@link AveragingConfig} does. */
    public AveragingConfig build() {
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
          guards);
    }
  }
}
