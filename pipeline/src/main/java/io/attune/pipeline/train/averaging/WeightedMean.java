package io.attune.pipeline.train.averaging;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The mean of several states, each weighted by the rows behind it.
 *
 * <p>Sums are of type double and taken in the order of the workers, so that the same states give
 * the same bits on any machine, and the mean of one state is that state to the bit: float times
 * rows is exact in a double for up to 2^29 rows.
 */
final class WeightedMean {
  /** Values that one thread averages at a time; fits a core's cache. */
  private static final int SLICE = 1 << 14;

  private WeightedMean() {}

  /** One worker's state and its weight. */
  record Weighted(NetworkState state, long rows) {}

  /**
   * Averages parameters, updater state and, rounded, the number of updates.
   *
   * @param states in the order of the workers; at least one
   */
  static NetworkState of(List<Weighted> states) {
    double rows = states.stream().mapToLong(Weighted::rows).sum();
    double iterations =
        states.stream().mapToDouble(s -> (double) s.state().iteration() * s.rows()).sum();
    return new NetworkState(
        mean(states.stream().map(s -> s.state().parameters()).toList(), states, rows),
        mean(states.stream().map(s -> s.state().updater()).toList(), states, rows),
        (int) Math.round(iterations / rows));
  }

  private static float[] mean(List<float[]> values, List<Weighted> weights, double rows) {
    float[] mean = new float[values.get(0).length];
    IntStream.range(0, (mean.length + SLICE - 1) / SLICE)
        .parallel()
        .forEach(
            slice -> {
              int from = slice * SLICE;
              int length = Math.min(SLICE, mean.length - from);
              double[] sum = new double[length];
              for (int state = 0; state < values.size(); state++) {
                float[] source = values.get(state);
                double weight = weights.get(state).rows();
                for (int i = 0; i < length; i++) {
                  sum[i] += weight * source[from + i];
                }
              }
              for (int i = 0; i < length; i++) {
                mean[from + i] = (float) (sum[i] / rows);
              }
            });
    return mean;
  }
}
