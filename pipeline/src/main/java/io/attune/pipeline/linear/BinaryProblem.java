package io.attune.pipeline.linear;

import java.util.stream.IntStream;

/**
 * Tells one class of a head from the others: the rows that have a label of the head, and the Naive
 * Bayes log-count ratio of each feature (Wang & Manning 2012, 2.1, with add-one smoothing on binary
 * counts).
 *
 * @param rows of the matrix that have a label
 * @param positive whether the label is the class, by place in {@code rows}
 * @param ratios {@code ln((p / |p|) / (q / |q|))} by feature, where p is one more than the texts of
 *     the class with the feature, and q likewise of the other classes
 */
@SuppressWarnings("ArrayRecordComponent") // The inner loop of training; never compared.
record BinaryProblem(TrainingMatrix matrix, int[] rows, boolean[] positive, double[] ratios) {

  static BinaryProblem of(TrainingMatrix matrix, int head, int chosen) {
    int[][] labels = matrix.labels();
    int[] rows = IntStream.range(0, matrix.rows()).filter(r -> labels[r][head] >= 0).toArray();
    boolean[] positive = new boolean[rows.length];
    int[] with = new int[matrix.width()];
    int[] without = new int[matrix.width()];
    for (int i = 0; i < rows.length; i++) {
      positive[i] = labels[rows[i]][head] == chosen;
      int[] counted = positive[i] ? with : without;
      for (int k = matrix.starts()[rows[i]]; k < matrix.starts()[rows[i] + 1]; k++) {
        counted[matrix.columns()[k]]++;
      }
    }
    return new BinaryProblem(matrix, rows, positive, ratios(with, without));
  }

  private static double[] ratios(int[] with, int[] without) {
    long sumWith = with.length;
    long sumWithout = with.length;
    for (int feature = 0; feature < with.length; feature++) {
      sumWith += with[feature];
      sumWithout += without[feature];
    }
    double shift = StrictMath.log((double) sumWithout / sumWith);
    double[] ratios = new double[with.length];
    for (int feature = 0; feature < with.length; feature++) {
      ratios[feature] = StrictMath.log((1.0 + with[feature]) / (1.0 + without[feature])) + shift;
    }
    return ratios;
  }
}
