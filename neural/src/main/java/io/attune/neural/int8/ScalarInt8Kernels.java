package io.attune.neural.int8;

import io.attune.neural.memory.Matrix;
import java.nio.ByteBuffer;

/** Converts in plain loops, for rows of any width and for a JVM without the Vector API. */
public final class ScalarInt8Kernels implements Int8Kernels {
  @Override
  public void quantize(Matrix x, Int8Rows to, int first) {
    ByteBuffer bytes = to.bytes.bytes();
    for (int r = 0; r < x.rows(); r++) {
      float smallest = 0;
      float largest = 0;
      for (int c = 0; c < x.columns(); c++) {
        smallest = Math.min(smallest, x.get(r, c));
        largest = Math.max(largest, x.get(r, c));
      }
      float inverse = to.range(first + r, smallest, largest);
      float shift = ROUNDER + to.zeros[first + r];
      int target = (first + r) * x.columns();
      for (int c = 0; c < x.columns(); c++) {
        float shifted = Math.fma(x.get(r, c), inverse, shift);
        bytes.put(target + c, (byte) Float.floatToRawIntBits(shifted));
      }
    }
  }

  @Override
  public void dequantize(Sums sums, Columns columns, Matrix out) {
    for (int r = 0; r < out.rows(); r++) {
      for (int c = 0; c < out.columns(); c++) {
        out.set(r, c, value(sums, r, c, columns));
      }
    }
  }

  @Override
  public void addDequantized(Sums sums, Columns columns, Matrix out) {
    for (int r = 0; r < out.rows(); r++) {
      for (int c = 0; c < out.columns(); c++) {
        out.set(r, c, out.get(r, c) + value(sums, r, c, columns));
      }
    }
  }

  private static float value(Sums sums, int row, int column, Columns columns) {
    int ofZero = sums.zero(row) * whole(columns.totals(), 0, column);
    float sum = whole(sums.numbers(), row, column) - ofZero;
    float factor = columns.scales().get(0, column) * sums.scale(row);
    return Math.fma(sum, factor, columns.bias().get(0, column));
  }

  private static int whole(Matrix numbers, int row, int column) {
    return numbers.data().bytes().getInt((numbers.at(row) + column) * Integer.BYTES);
  }
}
