package io.attune.pipeline.quality;

import java.util.Arrays;

/**
 * Holds what is usual of one measure: the median of earlier nights and their spread, both of which
 * a few odd nights do not move.
 *
 * @param spread standard deviation that a normal distribution of the same median absolute deviation
 *     has; at least a given floor
 */
record Usual(double median, double spread) {
  /** Makes the median absolute deviation of a normal distribution its standard deviation. */
  private static final double NORMAL = 1.4826;

  /**
   * Summarises the values of earlier nights.
   *
   * @param floor of the spread, so that many equal nights do not make the next one an outlier
   */
  static Usual of(double[] values, double floor) {
    double median = median(values);
    double[] deviations = Arrays.stream(values).map(value -> Math.abs(value - median)).toArray();
    return new Usual(median, Math.max(floor, NORMAL * median(deviations)));
  }

  /** Returns how many spreads a value is away, without a sign. */
  double distance(double value) {
    return Math.abs(value - median) / spread;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
