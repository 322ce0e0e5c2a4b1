package io.attune.neural.averaging.exchange;

import io.attune.neural.averaging.state.NetworkState;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Averages several states, each weighted by the rows that it was trained on.
 *
 * <p>Sums are of type double and taken in the order of the workers, so that the same states give
 * the same bits on any machine, and the mean of equal states is that state to the bit: float times
 * rows is exact in a double for up to 2^29 rows.
 */
final class WeightedMean {
  /** Limits the values that one thread averages at a time; fits a core's cache. */
  private static final int SLICE = 1 << 14;

  private WeightedMean() {}

  /** Holds one worker's state and its weight. */
  record Weighted(NetworkState state, long rows) {}

  /** Sums the values of one slice, worker by worker. */
  static final class Sums {
    private final double[] sums;
    private double rows;

    Sums(int values) {
      sums = new double[values];
      Arrays.fill(sums, -0.0); // the neutral element of addition: it keeps the sign of 0
    }

    void add(float[] values, long ofRows) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += (double) ofRows * values[i];
      }
      rows += ofRows;
    }

    float[] mean() {
      float[] mean = new float[sums.length];
      for (int i = 0; i < sums.length; i++) {
        mean[i] = (float) (sums[i] / rows);
      }
      return mean;
    }
  }

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
        mean(states, NetworkState::parameters),
        mean(states, NetworkState::updater),
        (int) Math.round(iterations / rows));
  }

  /** Returns the same mean of the number of updates, for states that are elsewhere. */
  static int iteration(List<WorkerResult> results) {
    double rows = results.stream().mapToLong(WorkerResult::rows).sum();
    double iterations =
        results.stream().mapToDouble(result -> (double) result.iteration() * result.rows()).sum();
    return (int) Math.round(iterations / rows);
  }

  private static float[] mean(List<Weighted> states, Function<NetworkState, float[]> part) {
    int length = part.apply(states.get(0).state()).length;
    float[] mean = new float[length];
    IntStream.range(0, (length + SLICE - 1) / SLICE)
        .parallel()
        .forEach(
            slice -> {
              int from = slice * SLICE;
              int to = Math.min(length, from + SLICE);
              Sums sums = new Sums(to - from);
              for (Weighted weighted : states) {
                float[] values = part.apply(weighted.state());
                sums.add(Arrays.copyOfRange(values, from, to), weighted.rows());
              }
              System.arraycopy(sums.mean(), 0, mean, from, to - from);
            });
    return mean;
  }
}
