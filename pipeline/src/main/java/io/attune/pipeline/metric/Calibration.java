package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.report.Evaluation.CalibrationBin;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares the accuracy of a model with its confidence, in ten bins of the probability of its
 * answer.
 */
public final class Calibration implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int BINS = 10;

  private final long[] rows = new long[BINS];
  private final long[] correct = new long[BINS];
  private final ExactSum[] probability = new ExactSum[BINS];

  /** Returns the calibration of no rows. */
  public Calibration() {
    Arrays.fill(probability, ExactSum.ZERO);
  }

  /** Adds one row, whose answer has a finite probability. */
  public void add(double ofAnswer, boolean right) {
    require(Double.isFinite(ofAnswer), "a probability must be finite, got %s", ofAnswer);
    int bin = Math.min((int) (ofAnswer * BINS), BINS - 1); // 1 belongs to the last bin
    rows[bin]++;
    correct[bin] += right ? 1 : 0;
    probability[bin] = probability[bin].plus(ofAnswer);
  }

  /** Adds the rows of another. */
  public Calibration merge(Calibration other) {
    Calibration sum = new Calibration();
    for (int bin = 0; bin < BINS; bin++) {
      sum.rows[bin] = rows[bin] + other.rows[bin];
      sum.correct[bin] = correct[bin] + other.correct[bin];
      sum.probability[bin] = probability[bin].plus(other.probability[bin]);
    }
    return sum;
  }

  /**
   * Returns the expected calibration error (Naeini et al. 2015; Guo et al. 2017, eq. 3): the mean
   * over rows of how far the bin's probability is from its accuracy. Lower is better, in [0, 1].
   */
  public double error() {
    double distance = 0;
    long all = 0;
    for (int bin = 0; bin < BINS; bin++) {
      distance += Math.abs(probability[bin].value() - correct[bin]);
      all += rows[bin];
    }
    return all == 0 ? 0 : distance / all;
  }

  /** Returns the bins that have rows, from the least to the most confident. */
  public List<CalibrationBin> bins() {
    List<CalibrationBin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (rows[bin] > 0) {
        bins.add(
            new CalibrationBin(
                (double) bin / BINS,
                (bin + 1.0) / BINS,
                rows[bin],
                probability[bin].value() / rows[bin],
                (double) correct[bin] / rows[bin]));
      }
    }
    return bins;
  }
}
