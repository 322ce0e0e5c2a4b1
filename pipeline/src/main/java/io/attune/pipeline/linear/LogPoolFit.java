package io.attune.pipeline.linear;

import io.attune.pipeline.calibration.Probabilities;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.schemas.model.Combination.HeadWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits the two weights of a {@link LogPool} to labelled rows that neither part has learned from:
 * minimises the sum of the negative log-likelihoods and a quadratic pull towards (0.5, 0.5), over
 * weights of at least 0. The rows are summed up in the order in which they are added.
 */
public final class LogPoolFit {
  /**
   * Sets the weights that are expected before any row was seen: the mean of the two parts' log
   * probabilities, which is right if both are calibrated and make the same errors.
   */
  private static final double EXPECTED = 0.5;

  /**
   * Sets how strongly: a normal prior with a standard deviation of 0.5. Two calibrated parts with
   * independent errors would have weights of 1, and a part that adds nothing 0: both are one
   * deviation away. An under-confident part needs more than that, and a few hundred rows show it.
   */
  private static final double PULL = 1 / (0.5 * 0.5);

  private static final int MOST_STEPS = 100;
  private static final double PRECISE = 1e-10;

  private final List<double[][]> rows = new ArrayList<>(); // [part][class], log probabilities
  private final List<Integer> labels = new ArrayList<>();
  private ConfusionMatrix ofLinear; // null without rows

  /** Adds one row: what the parts answer, and the right class. */
  public void add(float[] network, float[] linear, int label) {
    double[][] logs = new double[2][network.length];
    for (int c = 0; c < network.length; c++) {
      logs[0][c] = LogPool.log(network[c]);
      logs[1][c] = LogPool.log(linear[c]);
    }
    rows.add(logs);
    labels.add(label);
    ofLinear = ofLinear == null ? new ConfusionMatrix(linear.length) : ofLinear;
    ofLinear.add(label, Probabilities.mostLikely(linear), 1);
  }

  /**
   * Returns the best weights, the losses of the parts and of the combination, and the macro-F1 of
   * the linear part.
   */
  public HeadWeights fit(String head) {
    double[] best = {EXPECTED, EXPECTED};
    if (rows.isEmpty()) {
      return new HeadWeights(head, best[0], best[1], 0, null, null, null);
    }
    double lowest = Double.POSITIVE_INFINITY;
    // The objective is convex: if its minimum has a negative weight, the bound is reached with that
    // weight, the other, or both at 0.
    for (boolean[] free :
        new boolean[][] {{true, true}, {true, false}, {false, true}, {false, false}}) {
      double[] weights = minimise(free);
      double found = objective(weights).value();
      if (weights[0] >= 0 && weights[1] >= 0 && found < lowest) {
        lowest = found;
        best = weights;
      }
    }
    return new HeadWeights(
        head,
        best[0],
        best[1],
        rows.size(),
        meanLoss(new double[] {1, 0}),
        meanLoss(new double[] {0, 1}),
        meanLoss(best),
        ofLinear.macroF1());
  }

  /** Returns what is minimised: the sum of the losses and the pull. */
  double objective(double network, double linear) {
    return objective(new double[] {network, linear}).value;
  }

  /** Holds the objective with its first and second derivatives. */
  private record Objective(double value, double loss, double[] slope, double[][] curvature) {}

  /** Minimises over the free weights by Newton's method; the others are 0. */
  private double[] minimise(boolean[] free) {
    double[] weights = {free[0] ? EXPECTED : 0, free[1] ? EXPECTED : 0};
    for (int step = 0; step < MOST_STEPS; step++) {
      Objective at = objective(weights);
      double[] change = newtonStep(at, free);
      double fall = -(change[0] * at.slope[0] + change[1] * at.slope[1]);
      if (fall <= PRECISE) {
        break;
      }
      double length = 1;
      double[] next = moved(weights, change, length);
      while (objective(next).value > at.value - 1e-4 * length * fall && length > 1e-6) {
        length /= 2;
        next = moved(weights, change, length);
      }
      weights = next;
    }
    return weights;
  }

  private static double[] newtonStep(Objective at, boolean[] free) {
    double[][] h = at.curvature;
    if (free[0] && free[1]) {
      double determinant = h[0][0] * h[1][1] - h[0][1] * h[1][0];
      return new double[] {
        -(h[1][1] * at.slope[0] - h[0][1] * at.slope[1]) / determinant,
        -(h[0][0] * at.slope[1] - h[1][0] * at.slope[0]) / determinant
      };
    }
    return new double[] {
      free[0] ? -at.slope[0] / h[0][0] : 0, free[1] ? -at.slope[1] / h[1][1] : 0
    };
  }

  private static double[] moved(double[] weights, double[] change, double length) {
    return new double[] {weights[0] + length * change[0], weights[1] + length * change[1]};
  }

  private double meanLoss(double[] weights) {
    return objective(weights).loss / rows.size();
  }

  private Objective objective(double[] weights) {
    double loss = 0;
    double[] slope = new double[2];
    double[][] curvature = new double[2][2];
    for (int row = 0; row < rows.size(); row++) {
      double[][] logs = rows.get(row);
      double[] probabilities = new double[logs[0].length];
      double logSum = softmax(logs, weights, probabilities);
      int label = labels.get(row);
      loss += logSum - weights[0] * logs[0][label] - weights[1] * logs[1][label];
      double[] mean = new double[2];
      double[][] square = new double[2][2];
      for (int c = 0; c < probabilities.length; c++) {
        for (int i = 0; i < 2; i++) {
          mean[i] += probabilities[c] * logs[i][c];
          for (int j = 0; j < 2; j++) {
            square[i][j] += probabilities[c] * logs[i][c] * logs[j][c];
          }
        }
      }
      for (int i = 0; i < 2; i++) {
        slope[i] += mean[i] - logs[i][label];
        for (int j = 0; j < 2; j++) {
          curvature[i][j] += square[i][j] - mean[i] * mean[j];
        }
      }
    }
    double value = loss;
    for (int i = 0; i < 2; i++) {
      double away = weights[i] - EXPECTED;
      value += PULL / 2 * away * away;
      slope[i] += PULL * away;
      curvature[i][i] += PULL;
    }
    return new Objective(value, loss, slope, curvature);
  }

  /** Computes the combined probabilities; returns the logarithm of their sum before dividing. */
  private static double softmax(double[][] logs, double[] weights, double[] probabilities) {
    double highest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < probabilities.length; c++) {
      probabilities[c] = weights[0] * logs[0][c] + weights[1] * logs[1][c];
      highest = Math.max(highest, probabilities[c]);
    }
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      probabilities[c] = StrictMath.exp(probabilities[c] - highest);
      sum += probabilities[c];
    }
    for (int c = 0; c < probabilities.length; c++) {
      probabilities[c] /= sum;
    }
    return highest + StrictMath.log(sum);
  }
}
