package io.attune.pipeline.model;

import static io.attune.schemas.Requirements.require;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The real tokens of a batch, one after the other, row by row. Its arrays are kept from batch to
 * batch and may be longer than what they hold.
 */
final class TokenBatch {
  private final String layer;
  private final int vocabulary;
  private final int maxTokens;
  private int rows;
  private int time;
  private int[] starts = new int[1];
  private int[] ids = new int[0];
  private int[] columns = new int[0];
  private int[] indices = new int[0];

  /**
   * Makes an empty batch.
   *
   * @param layer its name, for messages
   */
  TokenBatch(String layer, int vocabulary, int maxTokens) {
    this.layer = layer;
    this.vocabulary = vocabulary;
    this.maxTokens = maxTokens;
  }

  /**
   * Reads a batch in place of the last one.
   *
   * @param tokens {@code [batch, time]}
   * @param mask {@code [batch, time]}, 1 where a token is real, or null if all are
   */
  void read(INDArray tokens, INDArray mask) {
    requireShapes(tokens, mask);
    rows = (int) tokens.size(0);
    time = (int) tokens.size(1);
    ensureCapacity();
    float[] values = floats(tokens);
    float[] marks = mask == null ? null : floats(mask);
    int count = 0;
    for (int row = 0; row < rows; row++) {
      starts[row] = count;
      for (int column = 0; column < time; column++) {
        int cell = row * time + column;
        if (marks == null || isReal(marks[cell], row, column)) {
          ids[count] = id(values[cell], row, column);
          columns[count] = column;
          indices[count] = row * maxTokens + count - starts[row];
          count++;
        }
      }
    }
    starts[rows] = count;
  }

  private void requireShapes(INDArray tokens, INDArray mask) {
    require(
        tokens.rank() == 2,
        "layer '%s': tokens must have the shape [batch, time], got %s",
        layer,
        Arrays.toString(tokens.shape()));
    require(
        tokens.size(1) <= maxTokens,
        "layer '%s': rows must have at most %d tokens, got tokens of shape %s",
        layer,
        maxTokens,
        Arrays.toString(tokens.shape()));
    require(
        mask == null || Arrays.equals(mask.shape(), tokens.shape()),
        "layer '%s': the mask must have the shape of the tokens %s, got %s",
        layer,
        Arrays.toString(tokens.shape()),
        mask == null ? "" : Arrays.toString(mask.shape()));
    require(
        tokens.length() < Integer.MAX_VALUE,
        "layer '%s': a batch must have fewer than 2^31 cells, got %s",
        layer,
        Arrays.toString(tokens.shape()));
  }

  private boolean isReal(float mark, int row, int column) {
    if (mark != 0 && mark != 1) {
      throw new IllegalArgumentException(
          "layer '%s': the mask must be 0 or 1, got %s in row %d, column %d"
              .formatted(layer, mark, row, column));
    }
    return mark == 1;
  }

  private int id(float value, int row, int column) {
    int id = (int) value;
    if (id != value || id < 0 || id >= vocabulary) {
      throw new IllegalArgumentException(
          ("layer '%s': token ids must be whole numbers in [0, %d), the vocabulary;"
                  + " got %s in row %d, column %d of tokens [%d, %d]")
              .formatted(layer, vocabulary, value, row, column, rows, time));
    }
    return id;
  }

  private static float[] floats(INDArray values) {
    INDArray exact = values.dataType() == DataType.FLOAT ? values : values.castTo(DataType.FLOAT);
    return exact.reshape('c', new long[] {exact.length()}).toFloatVector();
  }

  private void ensureCapacity() {
    if (starts.length < rows + 1) {
      starts = new int[rows + 1];
    }
    if (ids.length < rows * time) {
      ids = new int[rows * time];
      columns = new int[rows * time];
      indices = new int[rows * time];
    }
  }

  int rows() {
    return rows;
  }

  /** Columns of the input, padding included. */
  int time() {
    return time;
  }

  /** Real tokens. */
  int count() {
    return starts[rows];
  }

  /** Where a row's tokens start; {@code start(rows())} is {@link #count}. */
  int start(int row) {
    return starts[row];
  }

  /** Real tokens of a row. */
  int length(int row) {
    return starts[row + 1] - starts[row];
  }

  /** Of the longest row. */
  int longest() {
    int longest = 0;
    for (int row = 0; row < rows; row++) {
      longest = Math.max(longest, length(row));
    }
    return longest;
  }

  int[] ids() {
    return ids;
  }

  /** Column of each token in the input: its position. */
  int[] columns() {
    return columns;
  }

  /** What {@link Noise} knows each token by: row times {@code maxTokens}, plus rank in the row. */
  int[] indices() {
    return indices;
  }

  /** Of the tokens, in order. */
  int hash() {
    int hash = 1;
    for (int token = 0; token < count(); token++) {
      hash = 31 * hash + ids[token];
    }
    return hash;
  }
}
