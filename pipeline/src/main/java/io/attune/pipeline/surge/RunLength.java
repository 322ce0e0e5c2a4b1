package io.attune.pipeline.surge;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.LUDecomposition;

/**
 * Finds the limit of a cumulative sum for a mean run length (Brook and Evans 1972): its heights are
 * states of a Markov chain, alarm is the state that absorbs. The day's term is spread over a
 * lattice so that its mean stays the same.
 */
final class RunLength {
  /** Steps of the lattice in one unit of log-likelihood. */
  private static final int STEPS = 12;

  /** Highest limit: at 20 a run without a change lasts e^20 days and more. */
  private static final int HIGHEST = 20 * STEPS;

  /** Beyond the precision of the solution nothing but "very long" is known. */
  private static final double LONGEST = 1e12;

  // probability of a term of (index - HIGHEST) steps; the ends hold what lies beyond them
  private final double[] terms = new double[2 * HIGHEST + 1];

  /** Adds a value of the day's term. */
  void add(double term, double probability) {
    double at = Math.min(2.0 * HIGHEST, Math.max(0, term * STEPS + HIGHEST));
    int below = (int) at;
    double above = at - below;
    terms[below] += probability * (1 - above);
    if (above > 0) {
      terms[below + 1] += probability * above;
    }
  }

  /**
   * Returns the limit at which the mean run length is {@code days}: the smallest one, if even that
   * has longer runs.
   */
  double limit(double days) {
    int low = 1;
    if (days(low) >= days) {
      return 1.0 / STEPS;
    }
    int high = 2;
    while (high < HIGHEST && days(high) < days) {
      low = high;
      high = Math.min(HIGHEST, 2 * high);
    }
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (days(middle) < days) {
        low = middle;
      } else {
        high = middle;
      }
    }
    // Run lengths grow exponentially between two points of the lattice.
    double before = Math.log(days(low));
    double after = Math.log(days(high));
    double part = after > before ? (Math.log(days) - before) / (after - before) : 1;
    return (low + Math.min(1, Math.max(0, part))) / STEPS;
  }

  /** Returns the mean days until the sum, which starts at 0, reaches so many steps. */
  double days(int steps) {
    double[][] matrix = new double[steps][steps];
    double[] below = new double[2 * HIGHEST + 2];
    for (int i = 0; i < terms.length; i++) {
      below[i + 1] = below[i] + terms[i];
    }
    for (int from = 0; from < steps; from++) {
      matrix[from][0] = -below[HIGHEST - from + 1];
      for (int to = 1; to < steps; to++) {
        matrix[from][to] = -terms[HIGHEST + to - from];
      }
      matrix[from][from] += 1;
    }
    double[] ones = new double[steps];
    Arrays.fill(ones, 1);
    DecompositionSolver solver =
        new LUDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-300).getSolver();
    if (!solver.isNonSingular()) {
      return LONGEST;
    }
    double days = solver.solve(new ArrayRealVector(ones, false)).getEntry(0);
    return days > 0 && days < LONGEST ? days : LONGEST;
  }
}
