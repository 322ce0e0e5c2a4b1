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
    if (states.size() == 1) {
      return states.get(0).state(); // what the sums below would give, to the bit
    }
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
    float[][] sources = values.toArray(float[][]::new);
    double[] rowsOf = weights.stream().mapToDouble(Weighted::rows).toArray();
    IntStream.range(0, (mean.length + SLICE - 1) / SLICE)
        .parallel()
        .forEach(slice -> average(sources, rowsOf, rows, mean, slice * SLICE));
    return mean;
  }

  private static void average(
      float[][] sources, double[] rowsOf, double rows, float[] mean, int from) {
    int to = Math.min(mean.length, from + SLICE);
    for (int i = from; i < to; i++) {
      double sum = 0;
      for (int source = 0; source < sources.length; source++) {
        sum += rowsOf[source] * sources[source][i];
      }
      mean[i] = (float) (sum / rows);
    }
  }
}
