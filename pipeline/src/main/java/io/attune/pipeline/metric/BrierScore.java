package io.attune.pipeline.metric;

import java.io.Serializable;

/**
 * Averages the squared distance of the probabilities from the true class; lower is better.
 *
 * @param distance sum over rows and classes of (probability - 1 for the true class, 0 else)^2
 */
public record BrierScore(ExactSum distance, long rows) implements Serializable {
  private static final long serialVersionUID = 1;

  public static final BrierScore NONE = new BrierScore(ExactSum.ZERO, 0);

  /** Adds one row. */
  public BrierScore add(float[] probabilities, int actual) {
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      double away = probabilities[c] - (c == actual ? 1 : 0);
      sum += away * away;
    }
    return new BrierScore(distance.plus(sum), rows + 1);
  }

  public BrierScore merge(BrierScore other) {
    return new BrierScore(distance.plus(other.distance), rows + other.rows);
  }

  /** Returns the mean over rows, in [0, 2] (Brier 1950, eq. 2); 0 if there are no rows. */
  public double value() {
    return rows == 0 ? 0 : distance.value() / rows;
  }
}
