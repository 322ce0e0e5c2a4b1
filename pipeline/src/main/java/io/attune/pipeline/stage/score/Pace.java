package io.attune.pipeline.stage.score;

import java.util.concurrent.TimeUnit;

/**
 * Says how far to read so that it ends in time: a little first, whose time says how much more.
 *
 * @param budgetNanos infinite where the time is not limited
 * @param startedNanos of {@link System#nanoTime}
 */
record Pace(double budgetNanos, long startedNanos) {
  /** Is the number of documents that are read whatever time there is. */
  private static final long FIRST = 1_000;

  /** Is the fraction of the time that is not worth another Spark job. */
  private static final double REST = 0.2;

  static Pace of(double budgetMinutes) {
    return new Pace(budgetMinutes * TimeUnit.MINUTES.toNanos(1), System.nanoTime());
  }

  /** Returns whether more can be read after what was read. */
  boolean leavesTime() {
    return elapsed() < (1 - REST) * budgetNanos;
  }

  /**
   * Returns how many documents to have read by the end of the next job.
   *
   * @param read so far
   * @param total there are
   */
  long reach(long read, long total) {
    if (Double.isInfinite(budgetNanos)) {
      return total;
    }
    double more = read == 0 ? FIRST : read * (budgetNanos - elapsed()) / elapsed();
    return Math.min(total, read + Math.max(1, (long) more));
  }

  private double elapsed() {
    return System.nanoTime() - startedNanos;
  }
}
