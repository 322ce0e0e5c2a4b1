package io.attune.neural.int8;

import io.attune.neural.int8.Int8Kernels.Sums;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;
import io.attune.neural.onednn.Operand;
import io.attune.neural.onednn.Product;
import io.attune.neural.onednn.Type;

/**
 * Multiplies rounded rows by rounded weights with exact sums: processors multiply twice as many
 * 8-bit integers at a time as numbers in bfloat16. For one thread at a time.
 */
public final class Int8Products {
  private final OneDnn oneDnn;
  private final Floats sums = Floats.growing();

  public Int8Products(OneDnn oneDnn) {
    this.oneDnn = oneDnn;
  }

  /**
   * Holds rounded weights as the right factor of products.
   *
   * @param memory the packed form
   */
  public record Packed(Floats memory, int inner, int columns) {}

  /**
   * Packs weights.
   *
   * @param bytes signed ones by rows, {@code [inner, columns]}
   */
  public Packed pack(Floats bytes, int inner, int columns) {
    Floats memory = Floats.growing();
    memory.ensure(oneDnn.packedBytes(inner, columns, Type.INT8) / Float.BYTES + 1);
    oneDnn
        .pack(inner, columns, Operand.byRows(Type.INT8, columns))
        .run(bytes.address(), memory.address());
    return new Packed(memory, inner, columns);
  }

  /**
   * Multiplies the first rows.
   *
   * @return the sums, in memory that the next call overwrites
   */
  public Sums multiply(Int8Rows left, int count, Packed weights) {
    Matrix result = sums.matrix(count, weights.columns());
    oneDnn
        .product(
            Product.of(count, weights.inner(), weights.columns())
                .left(Operand.byRows(Type.UINT8, weights.inner()))
                .packed()
                .result(Operand.byRows(Type.INT32, weights.columns())))
        .run(left.bytes.address(), weights.memory().address(), result.address());
    return new Sums(result, left, 0);
  }
}
