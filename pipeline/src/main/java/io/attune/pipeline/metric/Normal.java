package io.attune.pipeline.metric;

import org.apache.commons.math3.distribution.NormalDistribution;

/** Computes quantiles and probabilities of the standard normal distribution. */
final class Normal {
  private static final NormalDistribution STANDARD = new NormalDistribution(null, 0, 1);

  static final double QUANTILE_975 = quantile(0.975);

  /** Holds the quantile of the power at which a difference counts as detectable. */
  static final double QUANTILE_80 = quantile(0.8);

  private Normal() {}

  static double quantile(double probability) {
    return STANDARD.inverseCumulativeProbability(probability);
  }

  /** Returns the probability of a value of at most {@code z}. */
  static double probability(double z) {
    return STANDARD.cumulativeProbability(z);
  }
}
