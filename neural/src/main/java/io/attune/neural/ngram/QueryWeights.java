package io.attune.neural.ngram;

/** Turns the scores of positions into weights, for one learned query, row by row. */
final class QueryWeights {
  private QueryWeights() {}

  /** Replaces the scores of a row's positions by their softmax. */
  static void softmax(float[] scores, int start, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = start; i < start + length; i++) {
      max = Math.max(max, scores[i]);
    }
    float sum = 0;
    for (int i = start; i < start + length; i++) {
      scores[i] = (float) Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = start; i < start + length; i++) {
      scores[i] /= sum;
    }
  }

  /** Replaces the gradient with respect to a row's weights by the one with respect to scores. */
  static void backward(float[] weights, float[] gradients, int start, int length) {
    float sum = 0;
    for (int i = start; i < start + length; i++) {
      sum += weights[i] * gradients[i];
    }
    for (int i = start; i < start + length; i++) {
      gradients[i] = weights[i] * (gradients[i] - sum);
    }
  }

  /**
   * Returns the mean weight over the queries of each token, {@code [batch][time]}, 0 at padding.
   *
   * @param weights by query and position
   * @param time columns of the batch
   */
  static float[][] mean(float[][] weights, NgramRows rows, int time) {
    float[][] result = new float[rows.rows()][time];
    for (int row = 0; row < result.length; row++) {
      for (int at = rows.start(row); at < rows.start(row + 1); at++) {
        for (float[] ofQuery : weights) {
          result[row][rows.columns()[at]] += ofQuery[at] / weights.length;
        }
      }
    }
    return result;
  }
}
