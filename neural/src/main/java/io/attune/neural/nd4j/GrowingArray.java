package io.attune.neural.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Keeps memory of ND4J from batch to batch, which grows on demand: a new array of a few megabytes
 * costs more than most operations on it.
 */
final class GrowingArray {
  private final DataType dataType;
  private final long spare;
  private INDArray memory;

  /**
   * Makes memory that is empty at first.
   *
   * @param spare the longest row of zeros that {@link #withZeros} may need
   */
  GrowingArray(DataType dataType, long spare) {
    this.dataType = dataType;
    this.spare = spare;
  }

  /**
   * Returns an array by rows at the start of this memory, which grows if it is too small; values
   * are not changed unless it grows. Calls with the same number of values return the same memory.
   */
  INDArray array(long... shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    ensure(length + spare);
    return view(0, shape);
  }

  /** Returns the last array of this memory that had these sizes, with one row of zeros after it. */
  INDArray withZeros(long rows, long columns) {
    view(rows * columns, 1, columns).assign(0);
    return view(0, rows + 1, columns);
  }

  /** Returns an array by rows that starts at a value. */
  INDArray view(long offset, long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return Nd4j.create(memory.data(), shape, strides, offset, 'c', dataType);
  }

  private void ensure(long length) {
    if (memory != null && memory.length() >= length) {
      return;
    }
    // A quarter more, so that slowly growing batches do not allocate each time.
    INDArray grown = Nd4j.createUninitialized(dataType, length + length / 4);
    if (memory != null && memory.closeable()) {
      memory.close();
    }
    memory = grown;
  }
}
