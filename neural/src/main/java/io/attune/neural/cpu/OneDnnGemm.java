package io.attune.neural.cpu;

import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;
import io.attune.neural.onednn.Operand;
import io.attune.neural.onednn.Product;
import io.attune.neural.onednn.Type;
import org.bytedeco.dnnl.global.dnnl;

/** Multiplies by oneDNN: large products by its BLAS, many small ones by one operation. */
final class OneDnnGemm extends Gemm {
  /**
   * Holds the rows that a product with the transpose of a long matrix takes at a time: the sums
   * then stay in the second cache, which makes it a quarter faster.
   */
  private static final int PIECE = 256;

  private final OneDnn oneDnn;
  private final Floats.Window left = new Floats.Window();
  private final Floats.Window right = new Floats.Window();
  private final Floats.Window result = new Floats.Window();

  OneDnnGemm(OneDnn oneDnn) {
    this.oneDnn = oneDnn;
  }

  @Override
  String name() {
    return "oneDNN";
  }

  @Override
  void multiply(Form form, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    if (form != Form.LEFT_TRANSPOSED) {
      call(form, alpha, a, b, beta, c);
      return;
    }
    float keep = beta;
    for (int from = 0; from < a.rows(); from += PIECE) {
      int count = Math.min(PIECE, a.rows() - from);
      call(form, alpha, a.rows(from, count), b.rows(from, count), keep, c);
      keep = 1;
    }
  }

  private void call(Form form, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    left.moveTo(a.address());
    right.moveTo(b.address());
    result.moveTo(c.address());
    boolean leftTransposed = form == Form.LEFT_TRANSPOSED;
    dnnl.dnnl_sgemm(
        (byte) (leftTransposed ? 'T' : 'N'),
        (byte) (form == Form.RIGHT_TRANSPOSED ? 'T' : 'N'),
        c.rows(),
        c.columns(),
        leftTransposed ? a.rows() : a.columns(),
        alpha,
        left,
        a.stride(),
        right,
        b.stride(),
        beta,
        result,
        c.stride());
  }

  @Override
  void multiplyEach(Form form, float alpha, Matrices a, Matrices b, Matrices c) {
    Product product =
        Product.of(
                c.first().rows(),
                form == Form.LEFT_TRANSPOSED ? a.first().rows() : a.first().columns(),
                c.first().columns())
            .times(c.count())
            .left(operand(a, form == Form.LEFT_TRANSPOSED))
            .right(operand(b, form == Form.RIGHT_TRANSPOSED))
            .result(operand(c, false))
            .scaled(alpha);
    oneDnn.product(product).run(a.first().address(), b.first().address(), c.first().address());
  }

  private static Operand operand(Matrices matrices, boolean transposed) {
    int stride = matrices.first().stride();
    Operand one =
        transposed
            ? Operand.transposed(Type.FLOAT32, stride)
            : Operand.byRows(Type.FLOAT32, stride);
    return one.every(matrices.step());
  }
}
