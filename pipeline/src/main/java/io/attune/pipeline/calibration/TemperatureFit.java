package io.attune.pipeline.calibration;

import io.attune.schemas.model.Temperatures.HeadTemperature;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits the temperature of one head to labelled rows that the model has not learned from (Guo et al.
 * 2017, 4.2): minimises the sum of the negative log-likelihoods and a quadratic pull of the inverse
 * temperature towards 1, which is convex in the inverse temperature. The rows are summed up in the
 * order in which they are added.
 */
public final class TemperatureFit {
  /**
   * Sets how strongly 1 is expected: a normal prior of the inverse temperature with a standard
   * deviation of 0.5, as the weights of a pool have. It keeps a few rows that are all answered
   * right from making every answer certain.
   */
  private static final double PULL = 1 / (0.5 * 0.5);

  /** Bounds the temperature: beyond, every answer is as good as certain or as good as none. */
  private static final double HIGHEST = 20;

  private static final int MOST_STEPS = 200;
  private static final double PRECISE = 1e-12;

  private final List<double[]> rows = new ArrayList<>(); // log probabilities by class
  private final List<Integer> labels = new ArrayList<>();

  /** Adds one row: the probabilities of its classes, and the right class. */
  public void add(float[] probabilities, int label) {
    double[] logs = new double[probabilities.length];
    for (int c = 0; c < logs.length; c++) {
      logs[c] = Temperature.log(probabilities[c]);
    }
    rows.add(logs);
    labels.add(label);
  }

  /** Returns the best temperature, and the losses before and after; 1 without rows. */
  public HeadTemperature fit(String head) {
    if (rows.isEmpty()) {
      return HeadTemperature.none(head);
    }
    double inverse = inverse();
    return new HeadTemperature(
        head, 1 / inverse, rows.size(), at(1).loss / rows.size(), at(inverse).loss / rows.size());
  }

  /** Returns what is minimised, as a function of the inverse temperature. */
  double objective(double inverse) {
    return at(inverse).loss + PULL / 2 * (inverse - 1) * (inverse - 1);
  }

  /** Holds the loss, and the first and second derivative of the objective. */
  private record Point(double loss, double slope, double curvature) {}

  /**
   * Finds the root of the slope, which rises: by Newton's method, and by halving where it leaves.
   */
  private double inverse() {
    double low = 1 / HIGHEST;
    double high = HIGHEST;
    if (at(low).slope >= 0) {
      return low;
    }
    if (at(high).slope <= 0) {
      return high;
    }
    double inverse = 1;
    for (int step = 0; step < MOST_STEPS && high - low > PRECISE; step++) {
      Point point = at(inverse);
      if (point.slope == 0) {
        return inverse;
      }
      if (point.slope < 0) {
        low = inverse;
      } else {
        high = inverse;
      }
      double next = inverse - point.slope / point.curvature;
      if (Math.abs(next - inverse) <= PRECISE) {
        return next;
      }
      inverse = next > low && next < high ? next : (low + high) / 2;
    }
    return inverse;
  }

  private Point at(double inverse) {
    double loss = 0;
    double slope = PULL * (inverse - 1);
    double curvature = PULL;
    for (int row = 0; row < rows.size(); row++) {
      double[] logs = rows.get(row);
      double highest = Double.NEGATIVE_INFINITY;
      for (double log : logs) {
        highest = Math.max(highest, inverse * log);
      }
      double sum = 0;
      double mean = 0;
      double square = 0;
      for (double log : logs) {
        double weight = StrictMath.exp(inverse * log - highest);
        sum += weight;
        mean += weight * log;
        square += weight * log * log;
      }
      mean /= sum;
      double ofLabel = logs[labels.get(row)];
      loss += highest + StrictMath.log(sum) - inverse * ofLabel;
      slope += mean - ofLabel;
      curvature += square / sum - mean * mean;
    }
    return new Point(loss, slope, curvature);
  }
}
