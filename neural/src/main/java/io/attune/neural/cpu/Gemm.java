package io.attune.neural.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

/** Multiplies matrices in native memory by BLAS, without copies; one thread at a time. */
final class Gemm {
  private final Floats.Window left = new Floats.Window();
  private final Floats.Window right = new Floats.Window();
  private final Floats.Window result = new Floats.Window();

  /** Computes c = alpha a b. */
  void set(float alpha, Matrix a, Matrix b, Matrix c) {
    call(CblasNoTrans, CblasNoTrans, alpha, a, b, 0, c);
  }

  /** Computes c += a b. */
  void add(Matrix a, Matrix b, Matrix c) {
    call(CblasNoTrans, CblasNoTrans, 1, a, b, 1, c);
  }

  /** Computes c = alpha aᵀ b. */
  void setTransposedLeft(float alpha, Matrix a, Matrix b, Matrix c) {
    call(CblasTrans, CblasNoTrans, alpha, a, b, 0, c);
  }

  /** Computes c += aᵀ b. */
  void addTransposedLeft(Matrix a, Matrix b, Matrix c) {
    call(CblasTrans, CblasNoTrans, 1, a, b, 1, c);
  }

  /** Computes c = alpha a bᵀ. */
  void setTransposedRight(float alpha, Matrix a, Matrix b, Matrix c) {
    call(CblasNoTrans, CblasTrans, alpha, a, b, 0, c);
  }

  /** Computes c += a bᵀ. */
  void addTransposedRight(Matrix a, Matrix b, Matrix c) {
    call(CblasNoTrans, CblasTrans, 1, a, b, 1, c);
  }

  private void call(int formA, int formB, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    left.moveTo(a.address());
    right.moveTo(b.address());
    result.moveTo(c.address());
    cblas_sgemm(
        CblasRowMajor,
        formA,
        formB,
        c.rows(),
        c.columns(),
        formA == CblasTrans ? a.rows() : a.columns(),
        alpha,
        left,
        a.stride(),
        right,
        b.stride(),
        beta,
        result,
        c.stride());
  }
}
