package io.attune.neural.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

/** Multiplies by the BLAS of ND4J. */
final class BlasGemm extends Gemm {
  private final Floats.Window left = new Floats.Window();
  private final Floats.Window right = new Floats.Window();
  private final Floats.Window result = new Floats.Window();

  @Override
  String name() {
    return "OpenBLAS";
  }

  @Override
  void multiply(Form form, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    left.moveTo(a.address());
    right.moveTo(b.address());
    result.moveTo(c.address());
    boolean leftTransposed = form == Form.LEFT_TRANSPOSED;
    cblas_sgemm(
        CblasRowMajor,
        leftTransposed ? CblasTrans : CblasNoTrans,
        form == Form.RIGHT_TRANSPOSED ? CblasTrans : CblasNoTrans,
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
    for (int i = 0; i < c.count(); i++) {
      multiply(form, alpha, a.get(i), b.get(i), 0, c.get(i));
    }
  }
}
