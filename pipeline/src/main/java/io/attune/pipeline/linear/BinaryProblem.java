package io.attune.pipeline.linear;

import java.util.stream.IntStream;

/**
 * Tells one class of a head from the others: the rows that have a label of the head, and the Naive
 * Bayes log-count ratio of each feature (Wang & Manning 2012, 2.1, with add-one smoothing on binary
 * counts).
 *
 * @param rows of the matrix that have a label or a teacher's answer
 * @param positive share of each that is of the class, by place in {@code rows}: 0 or 1 for a label
 * @param ratios {@code ln((p / |p|) / (q / |q|))} by feature, where p is one more than the texts of
 *     the class with the feature, each counted by its share, and q likewise of the other classes
 */
@SuppressWarnings("ArrayRecordComponent") // The inner loop of training; never compared.
record BinaryProblem(TrainingMatrix matrix, int[] rows, double[] positive, double[] ratios) {

  static BinaryProblem of(TrainingMatrix matrix, int head, int chosen) {
    double[] shares =
        IntStream.range(0, matrix.rows())
            .mapToDouble(row -> matrix.share(row, head, chosen))
            .toArray();
    int[] rows =
        IntStream.range(0, shares.length).filter(row -> !Double.isNaN(shares[row])).toArray();
    double[] positive = new double[rows.length];
    double[] with = new double[matrix.width()];
    double[] without = new double[matrix.width()];
    for (int i = 0; i < rows.length; i++) {
      positive[i] = shares[rows[i]];
      for (int k = matrix.starts()[rows[i]]; k < matrix.starts()[rows[i] + 1]; k++) {
        with[matrix.columns()[k]] += positive[i];
        without[matrix.columns()[k]] += 1 - positive[i];
      }
    }
    return new BinaryProblem(matrix, rows, positive, ratios(with, without));
  }

  private static double[] ratios(double[] with, double[] without) {
    double sumWith = with.length;
    double sumWithout = with.length;
    for (int feature = 0; feature < with.length; feature++) {
      sumWith += with[feature];
      sumWithout += without[feature];
    }
    double shift = StrictMath.log(sumWithout / sumWith);
    double[] ratios = new double[with.length];
    for (int feature = 0; feature < with.length; feature++) {
      ratios[feature] = StrictMath.log((1.0 + with[feature]) / (1.0 + without[feature])) + shift;
    }
    return ratios;
  }
}
