package io.attune.neural.onednn;

/**
 * Describes how the matrices of an operand lie in memory; strides count numbers, not bytes.
 *
 * @param matrixStride from one matrix to the next; any value for a single one
 */
public record Operand(Type type, int matrixStride, int rowStride, int columnStride) {

  /** Describes one matrix by rows. */
  public static Operand byRows(Type type, int rowStride) {
    return new Operand(type, 0, rowStride, 1);
  }

  /** Describes a matrix as the transpose of one by rows. */
  public static Operand transposed(Type type, int rowStride) {
    return new Operand(type, 0, 1, rowStride);
  }

  /** Describes a number of matrices by rows, at even distances. */
  public Operand every(int stride) {
    return new Operand(type, stride, rowStride, columnStride);
  }
}
