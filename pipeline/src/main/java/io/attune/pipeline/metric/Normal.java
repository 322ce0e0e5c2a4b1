package io.attune.pipeline.metric;

import org.apache.commons.math3.distribution.NormalDistribution;

/** Computes quantiles of the standard normal distribution. */
final class Normal {
  static final double QUANTILE_975 = quantile(0.975);

  /** Holds the quantile of the power at which a difference counts as detectable. */
  static final double QUANTILE_80 = quantile(0.8);

  private Normal() {}

  private static double quantile(double probability) {
    return new NormalDistribution(null, 0, 1).inverseCumulativeProbability(probability);
  }
}
