package io.attune.pipeline.metric;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Gamma;

/** Draws from binomial distributions at a cost that does not grow with the number of trials. */
final class BinomialSampler {
  /** Sets the mean below which inversion is faster and BTRS is not proven (Hörmann 1993, 2). */
  private static final double SMALL_MEAN = 10;

  private BinomialSampler() {}

  /** Returns how many of {@code trials} succeed, each with this probability. */
  static long sample(long trials, double probability, RandomGenerator random) {
    if (trials == 0 || probability <= 0) {
      return 0;
    }
    if (probability >= 1) {
      return trials;
    }
    if (probability > 0.5) {
      return trials - sample(trials, 1 - probability, random);
    }
    return trials * probability < SMALL_MEAN
        ? invert(trials, probability, random)
        : reject(trials, probability, random);
  }

  /** Walks up the distribution function: BINV of Kachitvichyanukul and Schmeiser 1988. */
  private static long invert(long trials, double probability, RandomGenerator random) {
    double odds = probability / (1 - probability);
    double mass = Math.exp(trials * Math.log1p(-probability));
    double left = random.nextDouble();
    long successes = 0;
    while (left > mass && successes < trials) {
      left -= mass;
      successes++;
      mass *= odds * (trials - successes + 1) / successes;
    }
    return successes;
  }

  /**
   * Draws by transformed rejection with squeeze: algorithm BTRS of Hörmann 1993, with its
   * constants.
   */
  private static long reject(long trials, double probability, RandomGenerator random) {
    double deviation = Math.sqrt(trials * probability * (1 - probability));
    double b = 1.15 + 2.53 * deviation;
    double a = -0.0873 + 0.0248 * b + 0.01 * probability;
    double c = trials * probability + 0.5;
    double squeeze = 0.92 - 4.2 / b;
    double alpha = (2.83 + 5.1 / b) * deviation;
    long mode = (long) Math.floor((trials + 1) * probability);
    double logOdds = Math.log(probability / (1 - probability));
    double peak = Gamma.logGamma(mode + 1.0) + Gamma.logGamma(trials - mode + 1.0);
    while (true) {
      double u = random.nextDouble() - 0.5;
      double v = random.nextDouble();
      double us = 0.5 - Math.abs(u);
      long k = (long) Math.floor((2 * a / us + b) * u + c);
      if (us >= 0.07 && v <= squeeze) {
        return k;
      }
      if (k < 0 || k > trials) {
        continue;
      }
      double height = Math.log(v * alpha / (a / (us * us) + b));
      double logRatio =
          peak - Gamma.logGamma(k + 1.0) - Gamma.logGamma(trials - k + 1.0) + (k - mode) * logOdds;
      if (height <= logRatio) {
        return k;
      }
    }
  }
}
