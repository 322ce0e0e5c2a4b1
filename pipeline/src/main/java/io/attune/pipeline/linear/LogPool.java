package io.attune.pipeline.linear;

/**
 * Combines the probabilities of a network and of the linear part: {@code log p = w1 log p_network +
 * w2 log p_linear - log Z}, the logarithmic opinion pool (Genest & Zidek 1986, 3; Hinton 2002).
 */
public final class LogPool {
  /**
   * Bounds the probabilities from below before their logarithm is taken, so that one part alone
   * cannot rule a class out: it may have seen no row of it.
   */
  private static final double LEAST = 1e-6;

  private LogPool() {}

  /**
   * Returns the combined probabilities of one head.
   *
   * @param network by class
   * @param linear by class; null where the linear part does not answer the head: the network
   *     answers alone then
   */
  public static float[] combine(
      float[] network, float[] linear, double networkWeight, double linearWeight) {
    if (linear == null) {
      return network;
    }
    double[] scores = new double[network.length];
    double highest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = networkWeight * log(network[c]) + linearWeight * log(linear[c]);
      highest = Math.max(highest, scores[c]);
    }
    double sum = 0;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = StrictMath.exp(scores[c] - highest);
      sum += scores[c];
    }
    float[] combined = new float[scores.length];
    for (int c = 0; c < scores.length; c++) {
      combined[c] = (float) (scores[c] / sum);
    }
    return combined;
  }

  static double log(double probability) {
    return StrictMath.log(Math.max(LEAST, probability));
  }
}
