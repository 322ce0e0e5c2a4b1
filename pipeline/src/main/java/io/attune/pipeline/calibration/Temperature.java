package io.attune.pipeline.calibration;

import io.attune.pipeline.metric.LogLoss;

/**
 * Scales the logits of a classifier: {@code p_c^(1/T) / sum} (Guo et al. 2017, 4.2, eq. 9). The
 * order of the classes stays as it is.
 */
public final class Temperature {
  private Temperature() {}

  /**
   * Returns scaled probabilities.
   *
   * @param probabilities by class, at least 0; they are not changed
   * @param temperature above 0; 1 gives the same values to the bit
   */
  public static float[] scale(float[] probabilities, double temperature) {
    if (temperature == 1) {
      return probabilities;
    }
    double[] scores = new double[probabilities.length];
    double highest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = log(probabilities[c]) / temperature;
      highest = Math.max(highest, scores[c]);
    }
    double sum = 0;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = StrictMath.exp(scores[c] - highest);
      sum += scores[c];
    }
    float[] scaled = new float[scores.length];
    for (int c = 0; c < scaled.length; c++) {
      scaled[c] = (float) (scores[c] / sum);
    }
    return scaled;
  }

  static double log(double probability) {
    return StrictMath.log(Math.max(LogLoss.SMALLEST, probability));
  }
}
