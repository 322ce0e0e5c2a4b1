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
 */
@SuppressWarnings("ArrayRecordComponent") // The inner loop of training; never compared.
record TrainingMatrix(int width, int[] starts, int[] columns, float[] values, int[][] labels)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Holds one row before it has its place. */
  @SuppressWarnings("ArrayRecordComponent") // as above
  record Line(String id, int[] labels, SparseText text) implements Serializable {
    private static final long serialVersionUID = 1;
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
    for (int row = 0; row < lines.size(); row++) {
      SparseText text = lines.get(row).text();
      int size = text.features().length;
      System.arraycopy(text.features(), 0, columns, starts[row], size);
      System.arraycopy(text.values(), 0, values, starts[row], size);
      starts[row + 1] = starts[row] + size;
      labels[row] = lines.get(row).labels();
    }
    return new TrainingMatrix(width, starts, columns, values, labels);
  }

  int rows() {
    return labels.length;
  }
}
