package io.attune.neural.cpu;

import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;
import io.attune.neural.onednn.Operand;
import io.attune.neural.onednn.Type;
import org.bytedeco.javacpp.Pointer;

/**
 * Converts operands of products in bfloat16: floats rounded to 8 bits of precision, of which
 * processors multiply more at a time. Sums, parameters and everything between the products stay
 * floats.
 */
final class Bfloat16 {
  /** Holds the rows of a product at most: so many rows of a piece stay in the second cache. */
  static final int PIECE = 256;

  private static final int SMALLEST_PIECE = 32;

  final OneDnn oneDnn;

  private final Floats plain = Floats.growing();
  private final Floats ones = Floats.growing();
  private int ready;

  Bfloat16(OneDnn oneDnn) {
    this.oneDnn = oneDnn;
  }

  /**
   * Returns the rows of the next product. There are few different numbers, since an operation is
   * compiled for each.
   *
   * @param left rows to go
   */
  static int piece(int left) {
    int piece = PIECE;
    while (piece > left && piece > SMALLEST_PIECE) {
      piece /= 2;
    }
    return Math.min(piece, left);
  }

  /** Returns memory for a number of values. */
  static long reserve(Floats memory, long values) {
    memory.ensure((values + 1) / 2);
    return memory.address();
  }

  /** Sets values to 0. */
  static void clear(long address, long values) {
    Pointer.memset(Floats.at(address), 0, values * Short.BYTES);
  }

  /** Returns one value. */
  static float get(Floats memory, long index) {
    int two = Float.floatToRawIntBits(memory.floats().get((int) (index / 2))); // little-endian
    return Float.intBitsToFloat(
        index % 2 == 0 ? two << Short.SIZE : two >>> Short.SIZE << Short.SIZE);
  }

  /** Converts contiguous rows, and returns the address of the result. */
  long convert(Matrix rows, Floats to) {
    long address = reserve(to, (long) rows.rows() * rows.columns());
    convert(rows, address);
    return address;
  }

  /** Converts rows into contiguous ones at an address. */
  void convert(Matrix from, long to) {
    oneDnn
        .convert(
            from.rows(),
            from.columns(),
            Operand.byRows(Type.FLOAT32, from.stride()),
            Operand.byRows(Type.BFLOAT16, from.columns()))
        .run(from.address(), to);
  }

  /** Converts rows to contiguous floats. */
  void convert(long from, Matrix to) {
    oneDnn
        .convert(
            to.rows(),
            to.columns(),
            Operand.byRows(Type.BFLOAT16, to.columns()),
            Operand.byRows(Type.FLOAT32, to.stride()))
        .run(from, to.address());
  }

  /** Packs a weight matrix as the right factor of products. */
  void pack(Matrix weight, Floats packed) {
    long from = convert(weight, plain);
    pack(weight.rows(), weight.columns(), from, false, packed);
  }

  /** Packs a weight matrix and its transpose as right factors. */
  void pack(Matrix weight, Floats packed, Floats packedTranspose) {
    long from = convert(weight, plain);
    pack(weight.rows(), weight.columns(), from, false, packed);
    pack(weight.columns(), weight.rows(), from, true, packedTranspose);
  }

  private void pack(int inner, int columns, long from, boolean transposed, Floats packed) {
    long to = reserve(packed, oneDnn.packedBytes(inner, columns, Type.BFLOAT16) / Short.BYTES);
    Operand operand =
        transposed
            ? Operand.transposed(Type.BFLOAT16, inner)
            : Operand.byRows(Type.BFLOAT16, columns);
    oneDnn.pack(inner, columns, operand).run(from, to);
  }

  /** Returns the address of a number of ones. */
  long ones(int count) {
    long address = reserve(ones, PIECE);
    if (ready < count) {
      Matrix values = Floats.growing().matrix(1, PIECE);
      for (int i = 0; i < PIECE; i++) {
        values.set(0, i, 1);
      }
      convert(values, address);
      ready = PIECE;
    }
    return address;
  }
}
