package io.attune.neural.encoder;

import static io.attune.schemas.Requirements.require;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Holds the real tokens of a batch, one after the other, row by row: their ids, or the positions of
 * their vectors. Its arrays are kept from batch to batch and may be longer than their content.
 */
public final class TokenBatch {
  /** Holds the number of values of a row that enter its hash. */
  private static final int SIGNS = 16;

  private final String layer;
  private final int vocabulary;
  private final int maxTokens;
  private int rows;
  private int time;
  private int[] starts = new int[1];
  private int[] ids = new int[0];
  private int[] columns = new int[0];
  private int[] indices = new int[0];
  private INDArray vectors;

  /**
   * Makes an empty batch.
   *
   * @param layer its name, for messages
   */
  public TokenBatch(String layer, int vocabulary, int maxTokens) {
    this.layer = layer;
    this.vocabulary = vocabulary;
    this.maxTokens = maxTokens;
  }

  /**
   * Reads a batch of token ids, which replaces the last batch.
   *
   * @param tokens {@code [batch, time]}
   * @param mask {@code [batch, time]}, 1 where a token is real, or null if all are
   */
  public void read(INDArray tokens, INDArray mask) {
    require(
        tokens.rank() == 2,
        "layer '%s': tokens must have the shape [batch, time], got %s",
        layer,
        Arrays.toString(tokens.shape()));
    requireShapes("tokens", tokens, tokens.shape(), mask);
    vectors = null;
    read(floats(tokens), tokens.shape(), mask);
  }

  /**
   * Reads a batch of vectors, which replaces the last batch; the values are read later, by the
   * backend.
   *
   * @param input {@code [batch, width, time]}
   * @param mask {@code [batch, time]}, 1 where a token is real, or null if all are
   */
  public void readVectors(INDArray input, INDArray mask, int width) {
    require(
        input.rank() == 3 && input.size(1) == width,
        "layer '%s': the input must have the shape [batch, %d, time], got %s",
        layer,
        width,
        Arrays.toString(input.shape()));
    long[] cells = {input.size(0), input.size(2)};
    requireShapes("input", input, cells, mask);
    vectors = input.permute(0, 2, 1);
    read(null, cells, mask);
  }

  private void read(float[] values, long[] cells, INDArray mask) {
    rows = (int) cells[0];
    time = (int) cells[1];
    ensureCapacity();
    float[] marks = mask == null ? null : floats(mask);
    int count = 0;
    for (int row = 0; row < rows; row++) {
      starts[row] = count;
      for (int column = 0; column < time; column++) {
        int cell = row * time + column;
        if (marks == null || isReal(marks[cell], row, column)) {
          ids[count] = values == null ? 0 : id(values[cell], row, column);
          columns[count] = column;
          indices[count] = row * maxTokens + count - starts[row];
          count++;
        }
      }
    }
    starts[rows] = count;
  }

  private void requireShapes(String what, INDArray input, long[] cells, INDArray mask) {
    require(
        cells[1] <= maxTokens,
        "layer '%s': rows must have at most %d tokens, got %s of shape %s",
        layer,
        maxTokens,
        what,
        Arrays.toString(input.shape()));
    require(
        mask == null || Arrays.equals(mask.shape(), cells),
        "layer '%s': the mask must have the shape of the tokens %s, got %s",
        layer,
        Arrays.toString(cells),
        mask == null ? "" : Arrays.toString(mask.shape()));
    require(
        cells[0] * cells[1] < Integer.MAX_VALUE,
        "layer '%s': a batch must have fewer than 2^31 cells, got %s",
        layer,
        Arrays.toString(cells));
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

  public int rows() {
    return rows;
  }

  /** Returns the number of columns of the input, padding included. */
  public int time() {
    return time;
  }

  /** Returns the number of real tokens. */
  public int count() {
    return starts[rows];
  }

  /** Returns the index of a row's first token; {@code start(rows())} is {@link #count}. */
  public int start(int row) {
    return starts[row];
  }

  /** Returns the number of real tokens of a row. */
  public int length(int row) {
    return starts[row + 1] - starts[row];
  }

  /** Returns the number of real tokens of the longest row. */
  public int longest() {
    int longest = 0;
    for (int row = 0; row < rows; row++) {
      longest = Math.max(longest, length(row));
    }
    return longest;
  }

  public int[] ids() {
    return ids;
  }

  /** Returns the column of each token in the input: its position. */
  public int[] columns() {
    return columns;
  }

  /**
   * Returns the index of each token for {@link Noise}: row times {@code maxTokens}, plus rank in
   * the row.
   */
  public int[] indices() {
    return indices;
  }

  /** Returns the input vectors, {@code [batch, time, width]}; null if the input is token ids. */
  public INDArray vectors() {
    return vectors;
  }

  /**
   * Refuses vectors that are not all finite.
   *
   * @param sum of all values of real tokens, which is not finite if one of them is not
   * @throws NonFiniteInput naming the first such value and its position
   */
  public void requireFinite(double sum) {
    for (int token = 0; token < count() && !Double.isFinite(sum); token++) {
      int row = rowOf(token);
      for (long feature = 0; feature < vectors.size(2); feature++) {
        double value = vectors.getDouble(row, columns[token], feature);
        if (!Double.isFinite(value)) {
          throw new NonFiniteInput(
              "layer '%s': the input must be finite, got %s in row %d, feature %d, time %d of %s"
                  .formatted(
                      layer,
                      value,
                      row,
                      feature,
                      columns[token],
                      Arrays.toString(vectors.permute(0, 2, 1).shape())));
        }
      }
    }
  }

  private int rowOf(int token) {
    int row = 0;
    while (starts[row + 1] <= token) {
      row++;
    }
    return row;
  }

  /**
   * Returns a hash that does not depend on padding: of the tokens in their order, or of the lengths
   * and the signs of the first vectors, which rounding hardly ever changes.
   */
  public int hash() {
    int hash = 1;
    for (int token = 0; token < count() && vectors == null; token++) {
      hash = 31 * hash + ids[token];
    }
    for (int row = 0; row < rows && vectors != null; row++) {
      hash = 31 * hash + length(row);
      for (int i = 0; i < Math.min(SIGNS, vectors.size(2)) && length(row) > 0; i++) {
        hash = 31 * hash + (vectors.getDouble(row, columns[starts[row]], i) > 0 ? 1 : 0);
      }
    }
    return hash;
  }
}
