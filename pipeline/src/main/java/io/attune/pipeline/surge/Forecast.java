package io.attune.pipeline.surge;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Says which count a regression expects on a day.
 *
 * @param logMean the logarithm of the mean
 * @param error the standard error of that logarithm
 * @param dispersion variance divided by mean, at least 1
 * @param trend the change of the logarithm from one row to the next; NaN if no trend was kept
 */
record Forecast(double logMean, double error, double dispersion, double trend) {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  double mean() {
    return Math.exp(logMean);
  }

  /** Returns the distribution of a count, for the limit and its p-value. */
  NegativeBinomial distribution(Limit limit, double level) {
    return switch (limit) {
      case PLUG_IN -> new NegativeBinomial(mean(), dispersion);
      case UPPER_MEAN ->
          new NegativeBinomial(
              Math.exp(logMean + error * NORMAL.inverseCumulativeProbability(1 - level)),
              dispersion);
      case PREDICTIVE -> new NegativeBinomial(mean(), dispersion + error * error * mean());
    };
  }
}
