package io.attune.neural.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;

/** Multiplies matrices of floats in native memory, without copies; one thread at a time. */
public abstract class Gemm {

  /** Limits subclasses to this package. */
  Gemm() {}

  /** Returns oneDNN's products where it loads, those of BLAS elsewhere. */
  public static Gemm best() {
    return OneDnn.isAvailable() ? new OneDnnGemm(new OneDnn()) : new Blas();
  }

  /** Selects the factor that is read transposed. */
  enum Form {
    PLAIN,
    LEFT_TRANSPOSED,
    RIGHT_TRANSPOSED
  }

  /** Returns the name for logs. */
  abstract String name();

  /** Computes c = alpha op(a) op(b) + beta c. */
  abstract void multiply(Form form, float alpha, Matrix a, Matrix b, float beta, Matrix c);

  /** Computes c = alpha op(a) op(b) for each matrix of the three. */
  abstract void multiplyEach(Form form, float alpha, Matrices a, Matrices b, Matrices c);

  /** Computes c += a b. */
  public void add(Matrix a, Matrix b, Matrix c) {
    multiply(Form.PLAIN, 1, a, b, 1, c);
  }

  /** Computes c += aᵀ b. */
  public void addTransposedLeft(Matrix a, Matrix b, Matrix c) {
    multiply(Form.LEFT_TRANSPOSED, 1, a, b, 1, c);
  }

  /** Computes c = a bᵀ. */
  public void setTransposedRight(Matrix a, Matrix b, Matrix c) {
    multiply(Form.RIGHT_TRANSPOSED, 1, a, b, 0, c);
  }

  /**
   * Holds matrices of the same shape at even distances.
   *
   * @param step floats from one matrix to the next
   */
  record Matrices(Matrix first, int count, int step) {
    Matrix get(int index) {
      return new Matrix(
          first.data(),
          first.offset() + index * step,
          first.rows(),
          first.columns(),
          first.stride());
    }
  }

  /** Multiplies by the BLAS of ND4J. */
  static final class Blas extends Gemm {
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
}
