package io.attune.bench.alerts;

import java.util.Arrays;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.special.Beta;

/**
 * Bounds how often any method can find a doubling of a share within some days.
 *
 * <p>A method with one false alarm in L days raises one in at most d / L of the spans of d days. On
 * the days of a span it is a test of the usual share against the doubled one, of that size or, over
 * all places of the span, of that mean size; and the power of the best test (Neyman and Pearson
 * 1933: the sum of log-likelihood ratios) is concave in its size. So no method, however it is
 * built, finds more doublings than that test does, which sees all days at once and knows the shares
 * and the correlation.
 *
 * @param share of the negative documents
 * @param correlation between two documents of a day
 * @param documents a day, on average
 */
record ShareBound(double share, double correlation, double documents) {
  private static final int SPANS = 100_000;

  /** Returns the fraction of doublings that the best test finds. */
  double power(int days, double runLength, long seed) {
    RandomGenerator random = new Well19937c(seed);
    double[] usual = ratios(days, share, random);
    double[] doubled = ratios(days, 2 * share, random);
    Arrays.sort(usual);
    int above = (int) (SPANS * days / runLength);
    double limit = usual[SPANS - 1 - above];
    double found = Arrays.stream(doubled).filter(ratio -> ratio > limit).count();
    // Ties are broken by chance, so that the size is exact.
    double ties = Arrays.stream(doubled).filter(ratio -> ratio == limit).count();
    double tied = Arrays.stream(usual).filter(ratio -> ratio == limit).count();
    double usualAbove = Arrays.stream(usual).filter(ratio -> ratio > limit).count();
    return (found + ties * (above - usualAbove) / tied) / SPANS;
  }

  private double[] ratios(int days, double of, RandomGenerator random) {
    PoissonDistribution size = new PoissonDistribution(random, documents, 1e-12, 10_000);
    double[] ratios = new double[SPANS];
    for (int span = 0; span < SPANS; span++) {
      for (int day = 0; day < days; day++) {
        int documentsNow = size.sample();
        ratios[span] += ratio(Shares.negative(random, correlation, documentsNow, of), documentsNow);
      }
    }
    return ratios;
  }

  private double ratio(int count, int size) {
    return logProbability(count, size, 2 * share) - logProbability(count, size, share);
  }

  /** Returns the logarithm of a probability, without what does not depend on the mean. */
  private double logProbability(int count, int size, double mean) {
    if (correlation == 0) {
      return count * Math.log(mean) + (size - count) * Math.log1p(-mean);
    }
    double precision = 1 / correlation - 1;
    double alpha = mean * precision;
    double beta = (1 - mean) * precision;
    return Beta.logBeta(alpha + count, beta + size - count) - Beta.logBeta(alpha, beta);
  }
}
