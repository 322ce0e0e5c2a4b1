package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.state.Round;

/**
 * Sums over averaging rounds.
 *
 * @param lossSum of all rows, as they were trained
 * @param seconds of the rounds
 * @param computeSeconds in which every core slot at work was computing
 * @param readSeconds in which every core slot at work was reading
 */
record Totals(
    int rounds,
    long rowsPlanned,
    long rowsTrained,
    long tokens,
    double lossSum,
    double seconds,
    double computeSeconds,
    double readSeconds) {
  static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * With one more round.
   *
   * @param slots tasks that run at a time; workers beyond them wait for their turn
   */
  Totals plus(Round round, int slots) {
    double turns = Math.max(1, (double) round.workers() / slots);
    return new Totals(
        rounds + 1,
        rowsPlanned + round.rowsPlanned(),
        rowsTrained + round.rowsTrained(),
        tokens + round.tokens(),
        lossSum + round.loss() * round.rowsTrained(),
        seconds + round.seconds(),
        computeSeconds + round.computeSeconds() * turns,
        readSeconds + round.readSeconds() * turns);
  }

  double loss() {
    return lossSum / Math.max(1, rowsTrained);
  }

  double tokensPerSecond() {
    return seconds == 0 ? 0 : tokens / seconds;
  }

  /** Share of the time spent in forward and backward passes, in [0, 1]. */
  double computingFraction() {
    return share(computeSeconds);
  }

  /** Share of the time spent on minibatches' data, in [0, 1]. */
  double readingFraction() {
    return share(readSeconds);
  }

  /** Share of the rest in [0, 1]: averaging, scheduling, and waiting for the slowest worker. */
  double averagingShare() {
    return share(seconds - computeSeconds - readSeconds);
  }

  private double share(double part) {
    return seconds == 0 ? 0 : Math.min(1, Math.max(0, part / seconds));
  }
}
