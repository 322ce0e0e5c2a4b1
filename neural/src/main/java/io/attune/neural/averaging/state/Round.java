package io.attune.neural.averaging.state;

/**
 * Accounts for one averaging round. Built by {@link #builder}.
 *
 * @param epoch from 0
 * @param round of the epoch, from 0
 * @param rounds of the epoch
 * @param rowsPlanned rows that the plan gave to the workers
 * @param rowsTrained rows of the workers that are in the average: all that were planned, except
 *     those of workers that were left out, which are named in a warning
 * @param tokens trained, padding not counted; rows, where the data has no mask
 * @param steps updates made by the workers together
 * @param loss mean over the rows, as they were trained; lower is better
 * @param seconds from the round's start until its average was there
 * @param computeSeconds mean over the workers of the time they spent in forward and backward passes
 * @param readSeconds mean over the workers of the time they spent on minibatches' data
 */
public record Round(
    int epoch,
    int round,
    int rounds,
    int workers,
    long rowsPlanned,
    long rowsTrained,
    long tokens,
    long steps,
    double loss,
    double seconds,
    double computeSeconds,
    double readSeconds) {

  public static Builder builder() {
    return new Builder();
  }

  /** Builds a round by name; what is not set is 0. */
  public static final class Builder {
    private int epoch;
    private int round;
    private int rounds;
    private int workers;
    private long rowsPlanned;
    private long rowsTrained;
    private long tokens;
    private long steps;
    private double loss;
    private double seconds;
    private double computeSeconds;
    private double readSeconds;

    private Builder() {}

    public Builder epoch(int epoch) {
      this.epoch = epoch;
      return this;
    }

    public Builder round(int round) {
      this.round = round;
      return this;
    }

    public Builder rounds(int rounds) {
      this.rounds = rounds;
      return this;
    }

    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    public Builder rowsPlanned(long rowsPlanned) {
      this.rowsPlanned = rowsPlanned;
      return this;
    }

    public Builder rowsTrained(long rowsTrained) {
      this.rowsTrained = rowsTrained;
      return this;
    }

    public Builder tokens(long tokens) {
      this.tokens = tokens;
      return this;
    }

    public Builder steps(long steps) {
      this.steps = steps;
      return this;
    }

    public Builder loss(double loss) {
      this.loss = loss;
      return this;
    }

    public Builder seconds(double seconds) {
      this.seconds = seconds;
      return this;
    }

    public Builder computeSeconds(double computeSeconds) {
      this.computeSeconds = computeSeconds;
      return this;
    }

    public Builder readSeconds(double readSeconds) {
      this.readSeconds = readSeconds;
      return this;
    }

    public Round build() {
      return new Round(
          epoch,
          round,
          rounds,
          workers,
          rowsPlanned,
          rowsTrained,
          tokens,
          steps,
          loss,
          seconds,
          computeSeconds,
          readSeconds);
    }
  }
}
