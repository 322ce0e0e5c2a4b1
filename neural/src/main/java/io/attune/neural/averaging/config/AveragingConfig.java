package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Configures how workers train apart and how their results are averaged. Built by {@link #builder}.
 *
 * @param workers networks trained in parallel, one in each Spark task of a round; 0 for one on each
 *     core slot that Spark has
 * @param frequency minibatches that each worker trains between two averages
 * @param maxAveragingShare fraction of the time that averaging may take: the frequency is then
 *     chosen by the measured cost of rounds, starting from {@code frequency}; 0 to keep that. A
 *     choice by measured time is not the same in another run: two runs of one seed differ
 * @param warmUpRounds first rounds of the training, of one minibatch each and averaged plainly (Lin
 *     et al. 2018: local SGD works better after some steps in step)
 * @param outer configures the step from the average to the next parameters
 * @param innerState says what becomes of the workers' optimizer state after a round
 */
public record AveragingConfig(
    int workers,
    int frequency,
    double maxAveragingShare,
    int warmUpRounds,
    OuterConfig outer,
    InnerState innerState)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public AveragingConfig {
    require(workers >= 0, "workers must be 0 (one for each core slot) or more, got %d", workers);
    require(frequency >= 1, "frequency must be at least 1 minibatch, got %d", frequency);
    require(
        maxAveragingShare >= 0 && maxAveragingShare < 1,
        "max-averaging-share must be 0 (frequency stays) or below 1, got %s",
        maxAveragingShare);
    require(warmUpRounds >= 0, "warm-up-rounds must not be negative, got %d", warmUpRounds);
  }

  /** Starts from plain parameter averaging; the builder takes what differs from it. */
  public static Builder builder(int workers, int frequency) {
    return new Builder(workers, frequency);
  }

  /** Returns a builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(workers, frequency)
        .maxAveragingShare(maxAveragingShare)
        .warmUpRounds(warmUpRounds)
        .outer(outer)
        .innerState(innerState);
  }

  /** Builds a configuration by name. */
  public static final class Builder {
    private int workers;
    private int frequency;
    private double maxAveragingShare;
    private int warmUpRounds;
    private OuterConfig outer = OuterConfig.PLAIN;
    private InnerState innerState = InnerState.AVERAGE;

    private Builder(int workers, int frequency) {
      this.workers = workers;
      this.frequency = frequency;
    }

    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    public Builder frequency(int frequency) {
      this.frequency = frequency;
      return this;
    }

    public Builder maxAveragingShare(double maxAveragingShare) {
      this.maxAveragingShare = maxAveragingShare;
      return this;
    }

    public Builder warmUpRounds(int warmUpRounds) {
      this.warmUpRounds = warmUpRounds;
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

    /** Returns the configuration, or refuses it as {@link AveragingConfig} does. */
    public AveragingConfig build() {
      return new AveragingConfig(
          workers, frequency, maxAveragingShare, warmUpRounds, outer, innerState);
    }
  }
}
