package io.attune.pipeline.stage.train.checkpoint;

import io.attune.neural.averaging.state.Round;

/**
 * Sums over averaging rounds.
 *
 * @param lossSum of all rows, as they were trained
 * @param seconds of the rounds
 * @param computeSeconds in which every core slot at work was computing
 * @param readSeconds in which every core slot at work was reading
 */
public record Totals(
    long rowsTrained,
    long tokens,
    double lossSum,
    double seconds,
    double computeSeconds,
    double readSeconds) {
  public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0);

  /**
   * Returns the sums with one more round.
   *
   * @param slots tasks that run at a time; workers beyond them wait for their turn
   */
  public Totals plus(Round round, int slots) {
    double turns = Math.max(1, (double) round.workers() / slots);
    return new Totals(
        rowsTrained + round.rowsTrained(),
        tokens + round.tokens(),
        lossSum + round.loss() * round.rowsTrained(),
        seconds + round.seconds(),
        computeSeconds + round.computeSeconds() * turns,
        readSeconds + round.readSeconds() * turns);
  }

  /** Returns the sums over the rounds of both. */
  public Totals plus(Totals other) {
    return new Totals(
        rowsTrained + other.rowsTrained,
        tokens + other.tokens,
        lossSum + other.lossSum,
        seconds + other.seconds,
        computeSeconds + other.computeSeconds,
        readSeconds + other.readSeconds);
  }

  public double loss() {
    return lossSum / Math.max(1, rowsTrained);
  }

  public double tokensPerSecond() {
    return seconds == 0 ? 0 : tokens / seconds;
  }

  /** Returns the fraction of the time spent in forward and backward passes, in [0, 1]. */
  public double computingFraction() {
    return fraction(computeSeconds);
  }

  /** Returns the fraction of the time spent on minibatches' data, in [0, 1]. */
  public double readingFraction() {
    return fraction(readSeconds);
  }

  /**
   * Returns the fraction of the rest in [0, 1]: averaging, scheduling, and waiting for the slowest
   * worker.
   */
  public double averagingFraction() {
    return fraction(seconds - computeSeconds - readSeconds);
  }

  private double fraction(double part) {
    return seconds == 0 ? 0 : Math.min(1, Math.max(0, part / seconds));
  }
}
