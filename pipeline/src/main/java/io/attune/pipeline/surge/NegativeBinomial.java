package io.attune.pipeline.surge;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;

/**
 * Describes a count whose variance is {@code dispersion} times its mean: negative binomial with
 * size {@code mean / (dispersion - 1)}, or Poisson if the dispersion is 1.
 */
public record NegativeBinomial(double mean, double dispersion) {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);
  private static final double PRECISION = 1e-15;

  /** Bounds the terms of continued fractions, which grow with the root of the mean. */
  private static final int TERMS = 1_000_000;

  /** Below this excess over 1 the size is so large that only the Poisson limit is exact. */
  private static final double POISSON = 1e-9;

  /** Returns the probability of a count of at least {@code count}. */
  public double atLeast(double count) {
    if (count <= 0) {
      return 1;
    }
    if (mean <= 0) {
      return 0;
    }
    if (dispersion <= 1 + POISSON) {
      return Gamma.regularizedGammaP(count, mean, PRECISION, TERMS);
    }
    return Beta.regularizedBeta(
        1 - 1 / dispersion, count, mean / (dispersion - 1), PRECISION, TERMS);
  }

  /** Returns the smallest count that is exceeded with a probability of at most {@code level}. */
  public long exceededBy(double level) {
    double reach =
        mean + NORMAL.inverseCumulativeProbability(1 - level) * Math.sqrt(mean * dispersion);
    long count = (long) Math.max(0, Math.floor(reach));
    // A walk in doubling steps, and bisection between the last two: the start is near.
    long step = 1;
    if (isExceeded(count, level)) {
      long low = count;
      while (isExceeded(count + step, level)) {
        low = count + step;
        step *= 2;
      }
      return between(low, count + step, level);
    }
    long high = count;
    while (high > 0 && !isExceeded(Math.max(0, count - step), level)) {
      high = Math.max(0, count - step);
      step *= 2;
    }
    return high == 0 ? 0 : between(Math.max(0, count - step), high, level);
  }

  /** Bisects between a count that is exceeded too often and one that is not. */
  private long between(long low, long high, double level) {
    long from = low;
    long to = high;
    while (to - from > 1) {
      long middle = from + (to - from) / 2;
      if (isExceeded(middle, level)) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return to;
  }

  private boolean isExceeded(long count, double level) {
    return atLeast(count + 1.0) > level;
  }
}
