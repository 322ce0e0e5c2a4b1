package io.attune.neural.pretrained;

import io.attune.neural.encoder.EncoderLayout.Slot;
import java.util.List;

/**
 * Says which part of a parameter a tensor is.
 *
 * @param tensor its name without prefix
 * @param shape that the tensor must have
 * @param slot the parameter
 * @param column first column of the tensor's part of it
 */
record Placement(String tensor, Form form, List<Long> shape, Slot slot, int column) {
  /** Enumerates how a tensor becomes a part of a parameter. */
  enum Form {
    /** Copies a vector into a row. */
    VECTOR,
    /** Copies the last rows of a table, as many as the parameter has. */
    TABLE,
    /** Transposes the weights of a dense layer, {@code [out, in]}. */
    DENSE,
    /** Adds the first row of a table, that of token type 0, to each row of the parameter. */
    FIRST_ROW_ADDED
  }

  /**
   * Copies a tensor to its place; tables must be copied before a row is added to them.
   *
   * @param values the elements of the tensor
   * @param transposed whether they are stored as the transpose of {@link #shape}
   */
  void read(float[] values, boolean transposed, float[] parameters) {
    int width = slot.columns();
    int start = Math.toIntExact(slot.offset());
    switch (form) {
      case VECTOR -> System.arraycopy(values, 0, parameters, start + column, values.length);
      case TABLE -> {
        int length = slot.rows() * width;
        System.arraycopy(
            untransposed(values, transposed), values.length - length, parameters, start, length);
      }
      case FIRST_ROW_ADDED -> {
        float[] table = untransposed(values, transposed);
        for (int i = 0; i < slot.rows() * width; i++) {
          parameters[start + i] += table[i % width];
        }
      }
      case DENSE -> {
        int out = Math.toIntExact(shape.get(0));
        float[] matrix = transposed ? values : transpose(values, out, slot.rows());
        for (int row = 0; row < slot.rows(); row++) {
          System.arraycopy(matrix, row * out, parameters, start + row * width + column, out);
        }
      }
    }
  }

  /** Returns the tensor that reading puts into its place; a row that was added is zero. */
  float[] written(float[] parameters) {
    int width = slot.columns();
    int start = Math.toIntExact(slot.offset());
    int size = Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b));
    float[] values = new float[size];
    switch (form) {
      case VECTOR -> System.arraycopy(parameters, start + column, values, 0, size);
      case TABLE ->
          System.arraycopy(
              parameters, start, values, size - slot.rows() * width, slot.rows() * width);
      case FIRST_ROW_ADDED -> {} // the parameter holds the sum
      case DENSE -> {
        int in = slot.rows();
        for (int i = 0; i < size; i++) {
          values[i] = parameters[start + i % in * width + column + i / in];
        }
      }
    }
    return values;
  }

  private float[] untransposed(float[] values, boolean transposed) {
    return transposed
        ? transpose(values, Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(0)))
        : values;
  }

  private static float[] transpose(float[] values, int rows, int columns) {
    float[] transposed = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = values[row * columns + column];
      }
    }
    return transposed;
  }
}
