package io.attune.pipeline.linear;

import io.attune.pipeline.linear.NgramVectors.SparseText;
import java.io.Serializable;

/**
 * Holds the regressions of one head.
 *
 * @param classes of the head
 * @param seen classes that had rows to learn from, rising, as indices into the head's
 * @param intercepts by regression
 * @param weights by regression and feature: one regression for each class that was seen; with two
 *     classes only that of the second, and with one class none
 */
@SuppressWarnings("ArrayRecordComponent") // The inner loop of every prediction; never compared.
record LinearHead(int classes, int[] seen, double[] intercepts, float[][] weights)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Returns the number of regressions behind a number of classes. */
  static int regressions(int seen) {
    return seen <= 2 ? Math.max(0, seen - 1) : seen;
  }

  /**
   * Returns the probability of each class, 0 for one that was never seen; null if none was.
   *
   * <p>The probabilities of more than two regressions are divided by their sum.
   */
  float[] probabilities(SparseText text) {
    if (seen.length == 0) {
      return null;
    }
    double[] found = new double[seen.length];
    if (seen.length == 1) {
      found[0] = 1;
    } else if (seen.length == 2) {
      found[1] = probability(0, text);
      found[0] = 1 - found[1];
    } else {
      for (int i = 0; i < found.length; i++) {
        found[i] = probability(i, text);
      }
    }
    double sum = 0;
    for (double probability : found) {
      sum += probability;
    }
    float[] probabilities = new float[classes];
    for (int i = 0; i < found.length; i++) {
      probabilities[seen[i]] = (float) (sum > 0 ? found[i] / sum : 1.0 / found.length);
    }
    return probabilities;
  }

  private double probability(int regression, SparseText text) {
    float[] of = weights[regression];
    double score = intercepts[regression];
    for (int i = 0; i < text.features().length; i++) {
      score += of[text.features()[i]] * text.values()[i];
    }
    return 1 / (1 + StrictMath.exp(-score));
  }
}
