package io.attune.neural.averaging.config;

import java.io.Serializable;

/**
 * Configures an averaging master. Built by {@link #builder}.
 *
 * @param batch size of a minibatch
 * @param examples of the whole training, by which a schedule that ends is stretched; 0 if the
 *     schedule has no end
 * @param seed of everything random: the same seed, data, number of workers and kind of processor
 *     give the same network
 * @param mixedProcessors whether a training that began on processors of one kind may go on on those
 *     of another, whose parameters differ
 */
public record MasterConfig(
    AveragingConfig averaging,
    BatchLimits batch,
    Schedule schedule,
    Guards guards,
    long examples,
    long seed,
    boolean mixedProcessors)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public MasterConfig {
    schedule.over(batch.rows(), examples); // refuses a schedule whose end is unknown
  }

  /**
   * Starts from a constant learning rate, and guards that end the training at the first result that
   * is not finite; the builder takes what differs.
   */
  public static Builder builder(AveragingConfig averaging, BatchLimits batch, long seed) {
    return new Builder(averaging, batch, seed);
  }

  /** Returns the factors of the learning rate by examples seen. */
  public Schedule.Curve rates() {
    return schedule.over(batch.rows(), examples);
  }

  /** Returns the configuration with a number of workers, if it leaves that to the core slots. */
  public MasterConfig withWorkers(int slots) {
    return averaging.workers() > 0
        ? this
        : new MasterConfig(
            averaging.toBuilder().workers(slots).build(),
            batch,
            schedule,
            guards,
            examples,
            seed,
            mixedProcessors);
  }

  /** Builds a configuration by name. */
  public static final class Builder {
    private final AveragingConfig averaging;
    private final BatchLimits batch;
    private final long seed;
    private Schedule schedule = Schedule.CONSTANT;
    private Guards guards = Guards.STRICT;
    private long examples;
    private boolean mixedProcessors;

    private Builder(AveragingConfig averaging, BatchLimits batch, long seed) {
      this.averaging = averaging;
      this.batch = batch;
      this.seed = seed;
    }

    /**
     * Sets the schedule of the learning rate.
     *
     * @param examples of the whole training
     */
    public Builder schedule(Schedule schedule, long examples) {
      this.schedule = schedule;
      this.examples = examples;
      return this;
    }

    public Builder guards(Guards guards) {
      this.guards = guards;
      return this;
    }

    public Builder mixedProcessors(boolean mixedProcessors) {
      this.mixedProcessors = mixedProcessors;
      return this;
    }

    public MasterConfig build() {
      return new MasterConfig(averaging, batch, schedule, guards, examples, seed, mixedProcessors);
    }
  }
}
