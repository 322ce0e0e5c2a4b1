package io.attune.neural.int8;

import io.attune.neural.memory.Matrix;

/** Converts between floats and {@link Int8Rows}, and from sums of their products to floats. */
public interface Int8Kernels {
  /**
   * Holds the steps between the smallest and the largest value of a row: one less than a byte has,
   * since the zero is rounded too.
   */
  int STEPS = 254;

  /**
   * Holds 1.5 * 2^23: the sum with a small number is rounded to a whole one, whose lowest byte is
   * that of the sum's bits.
   */
  float ROUNDER = 12_582_912;

  /**
   * Rounds rows, each by its own smallest and largest value; a row with a value that is not finite
   * gets a scale that is not finite.
   *
   * @param first index that the first row gets
   */
  void quantize(Matrix x, Int8Rows to, int first);

  /**
   * Computes out = scale of the row * scale of the column * (sum - zero of the row * total of the
   * column) + bias.
   *
   * @param out may lie in the memory of the sums
   */
  void dequantize(Sums sums, Columns columns, Matrix out);

  /** Adds to out what {@link #dequantize} computes. */
  void addDequantized(Sums sums, Columns columns, Matrix out);

  /**
   * Holds rows of sums of products.
   *
   * @param numbers whole ones of 32 bits
   * @param left the rows that were multiplied
   * @param first index of the first of them
   */
  record Sums(Matrix numbers, Int8Rows left, int first) {

    /** Returns {@code count} rows from {@code from} on. */
    public Sums rows(int from, int count) {
      return new Sums(numbers.rows(from, count), left, first + from);
    }

    float scale(int row) {
      return left.scales[first + row];
    }

    int zero(int row) {
      return left.zeros[first + row];
    }
  }

  /**
   * Holds a row each of what belongs to the columns of a weight matrix.
   *
   * @param totals sums of its rounded weights, whole numbers of 32 bits
   */
  record Columns(Matrix scales, Matrix totals, Matrix bias) {}
}
