package io.attune.pipeline.linear;

import io.attune.pipeline.linear.NgramVectors.SparseText;
import io.attune.schemas.failure.Failure;
import java.io.Serializable;
import java.util.List;

/**
 * Holds all training texts as one sparse matrix in compressed rows, in the order of their ids.
 *
 * @param width number of features
 * @param starts of the rows in the two arrays below, and the end of the last
 * @param labels class by row and head, -1 where there is none
 * @param targets by row, as in {@link CountedText}
 */
@SuppressWarnings("ArrayRecordComponent") // The inner loop of training; never compared.
record TrainingMatrix(
    int width, int[] starts, int[] columns, float[] values, int[][] labels, float[][][] targets)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Holds one row before it has its place. */
  @SuppressWarnings("ArrayRecordComponent") // as above
  record Line(String id, int[] labels, float[][] targets, SparseText text) implements Serializable {
    private static final long serialVersionUID = 1;

    static Line of(CountedText text, NgramVectors features) {
      return new Line(text.id(), text.labels(), text.targets(), features.of(text));
    }
  }

  /** Packs rows, which must be sorted. */
  static TrainingMatrix of(List<Line> lines, int width) {
    long entries = lines.stream().mapToLong(line -> line.text().features().length).sum();
    if (entries > Integer.MAX_VALUE - 8) {
      throw new Failure.BadUsage(
          "The linear part would learn from %,d n-grams in %,d texts, which is more than the"
              + " 2,147,483,639 that it can take; set linear.max-train-rows to %,d",
          entries, lines.size(), lines.size() * (long) Integer.MAX_VALUE / entries);
    }
    int[] starts = new int[lines.size() + 1];
    int[] columns = new int[(int) entries];
    float[] values = new float[(int) entries];
    int[][] labels = new int[lines.size()][];
    float[][][] targets = new float[lines.size()][][];
    for (int row = 0; row < lines.size(); row++) {
      SparseText text = lines.get(row).text();
      int size = text.features().length;
      System.arraycopy(text.features(), 0, columns, starts[row], size);
      System.arraycopy(text.values(), 0, values, starts[row], size);
      starts[row + 1] = starts[row] + size;
      labels[row] = lines.get(row).labels();
      targets[row] = lines.get(row).targets();
    }
    return new TrainingMatrix(width, starts, columns, values, labels, targets);
  }

  /**
   * Returns how much of a row is of a class: 0 or 1 by its label, or the probability that its
   * teacher gives; NaN where nothing is known of the head.
   */
  double share(int row, int head, int chosen) {
    if (targets[row] != null && targets[row][head] != null) {
      return targets[row][head][chosen];
    }
    int label = labels[row][head];
    return label < 0 ? Double.NaN : label == chosen ? 1 : 0;
  }

  int rows() {
    return labels.length;
  }
}
