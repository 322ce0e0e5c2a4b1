package io.attune.neural.memory;

import org.bytedeco.javacpp.Pointer;

/**
 * Views a part of native memory as a matrix by rows.
 *
 * @param offset of the first value, in floats
 * @param stride floats from one row to the next
 */
public record Matrix(Floats data, int offset, int rows, int columns, int stride) {

  /** Returns {@code count} columns from {@code from} on. */
  public Matrix slice(int from, int count) {
    return new Matrix(data, offset + from, rows, count, stride);
  }

  /** Returns {@code count} rows from {@code from} on. */
  public Matrix rows(int from, int count) {
    return new Matrix(data, offset + from * stride, count, columns, stride);
  }

  /** Returns the offset of a row's first value, in floats. */
  public int at(int row) {
    return offset + row * stride;
  }

  public long address() {
    return data.address() + (long) offset * Float.BYTES;
  }

  /** Copies the values, which must be contiguous in both matrices. */
  public void copyTo(Matrix other) {
    long bytes = (long) rows * stride * Float.BYTES;
    if (bytes > 0 && address() != other.address()) {
      Pointer.memcpy(Floats.at(other.address()), Floats.at(address()), bytes);
    }
  }

  /** Sets the values, which must be contiguous, to 0. */
  public void clear() {
    if (rows > 0) {
      Pointer.memset(Floats.at(address()), 0, (long) rows * stride * Float.BYTES);
    }
  }

  public float get(int row, int column) {
    return data.floats().get(at(row) + column);
  }

  public void set(int row, int column, float value) {
    data.floats().put(at(row) + column, value);
  }
}
