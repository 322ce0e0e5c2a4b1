package io.attune.neural.cpu;

import io.attune.neural.onednn.OneDnn;

/** Multiplies matrices of floats in native memory, without copies; one thread at a time. */
public abstract class Gemm {

  /** Limits subclasses to this package. */
  Gemm() {}

  /** Returns oneDNN's products where it loads, those of BLAS elsewhere. */
  public static Gemm best() {
    return OneDnn.isAvailable() ? new OneDnnGemm(new OneDnn()) : new BlasGemm();
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
}
