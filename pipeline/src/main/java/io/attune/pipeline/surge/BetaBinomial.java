package io.attune.pipeline.surge;

/**
 * Describes how many of a day's documents belong to a series: binomial with a share that itself
 * varies from day to day.
 *
 * @param share the mean share, in (0, 1)
 * @param correlation between two documents of a day: 0 for a binomial count; the variance is that
 *     of a binomial count times {@code 1 + (documents - 1) * correlation}
 */
record BetaBinomial(double share, double correlation) {
  /** Stands in for 0, where the parameters of the beta distribution are infinite. */
  private static final double LEAST = 1e-9;

  private double alpha() {
    return share * (1 / Math.max(LEAST, correlation) - 1);
  }

  private double beta() {
    return (1 - share) * (1 / Math.max(LEAST, correlation) - 1);
  }

  /** Returns the logarithms of the probabilities of 0 to {@code documents}. */
  double[] logProbabilities(int documents) {
    double a = alpha();
    double b = beta();
    double[] logs = new double[documents + 1];
    double largest = 0;
    for (int count = 0; count < documents; count++) {
      logs[count + 1] =
          logs[count]
              + Math.log((documents - count) / (count + 1.0))
              + Math.log((a + count) / (b + documents - count - 1));
      largest = Math.max(largest, logs[count + 1]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - largest);
    }
    double whole = largest + Math.log(sum);
    for (int count = 0; count <= documents; count++) {
      logs[count] -= whole;
    }
    return logs;
  }
}
