package io.attune.pipeline.surge;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/** Computes how far the rows of a fit lie from it, and what that says of their dispersion. */
record Residuals(LogLinear fit, Rows rows) {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  /** One row of so many is left out of the trimmed dispersion. */
  private static final int TRIMMED = 10;

  /** Is 1 over the integral of z² over a normal distribution without its highest tenth. */
  private static final double TRIMMED_VARIANCE = 1.4815;

  /**
   * Returns the standard error of {@link LogLinear#dispersion}, from how squared residuals vary.
   */
  double dispersionError() {
    double mean = fit.dispersion() * fit.degreesOfFreedom() / rows.rows();
    double sum = 0;
    for (int row = 0; row < rows.rows(); row++) {
      double residual = (rows.count(row) - fit.mean(row)) / fit.mean(row);
      double difference = fit.weight(row) * residual * residual - mean;
      sum += difference * difference;
    }
    return Math.sqrt(sum) / fit.degreesOfFreedom();
  }

  /**
   * Estimates the dispersion from the rows without the tenth that is farthest above its fit, so
   * that surges do not hide behind the variance that they cause.
   */
  double trimmedDispersion() {
    double[] residuals = new double[rows.rows()];
    for (int row = 0; row < rows.rows(); row++) {
      residuals[row] =
          (rows.count(row) - fit.mean(row)) * Math.sqrt(fit.weight(row)) / fit.mean(row);
    }
    Arrays.sort(residuals);
    double sum = 0;
    for (int row = 0; row < residuals.length - residuals.length / TRIMMED; row++) {
      sum += residuals[row] * residuals[row];
    }
    return TRIMMED_VARIANCE * sum / fit.degreesOfFreedom();
  }

  /**
   * Returns the standardized Anscombe residual of a row (Farrington et al. 1996, 3.6); 0 if it is
   * negative.
   */
  double anscombe(int row, double dispersion) {
    double mean = fit.mean(row);
    if (rows.count(row) <= mean) {
      return 0;
    }
    double raw =
        1.5 * (Math.pow(rows.count(row), 2.0 / 3) * Math.pow(mean, -1.0 / 6) - Math.sqrt(mean));
    return raw / Math.sqrt(dispersion * Math.max(1e-12, 1 - fit.leverage(row)));
  }

  /**
   * Returns the normal quantile of a row's probability to be exceeded, under a negative binomial
   * distribution; 0 for counts less than a standard deviation above their mean.
   */
  double normalScore(int row, double dispersion) {
    double deviation = Math.sqrt(fit.mean(row) * dispersion);
    if (rows.count(row) <= fit.mean(row) + deviation) {
      return 0;
    }
    double probability = new NegativeBinomial(fit.mean(row), dispersion).atLeast(rows.count(row));
    return -NORMAL.inverseCumulativeProbability(Math.max(1e-300, probability));
  }
}
