package io.attune.neural.cpu;

import io.attune.neural.encoder.Noise;
import io.attune.neural.int8.Int8Kernels;
import io.attune.neural.memory.Matrix;
import java.util.Optional;

/**
 * Computes the loops over native memory that BLAS lacks. A matrix that is "one row" is applied to
 * all rows of another.
 */
public interface Kernels {

  /**
   * Returns the number of values in a vector; columns of every matrix must be padded in memory to a
   * multiple of it.
   */
  int lanes();

  /** Returns the name for logs. */
  String name();

  /** Computes out = each row of a, plus one row; {@code out} may be {@code a}. */
  void sum(Matrix a, Matrix row, Matrix out);

  /** Copies one row to each row of out. */
  void fill(Matrix row, Matrix out);

  /** Computes out += a. */
  void add(Matrix a, Matrix out);

  /** Adds the sum of all rows of a to the row. */
  void addColumnSums(Matrix a, Matrix row);

  /** Copies rows of the table, by index, to out. */
  void gather(int[] indices, Matrix table, Matrix out);

  /** Adds rows of the table, by index, to out. */
  void addGathered(int[] indices, Matrix table, Matrix out);

  /** Adds rows of a to rows of the table, by index. */
  void scatter(Matrix a, int[] indices, Matrix table);

  /** Sets rows of the table to 0, by the first {@code count} indices. */
  void clear(int[] indices, int count, Matrix table);

  /**
   * Returns the first row from {@code from} on that has a value other than 0; the number of rows if
   * there is none.
   */
  int nextNonZeroRow(Matrix x, int from);

  /** Multiplies one row of x by the factors of a dropout site from an index on. */
  void drop(Matrix x, int row, int index, Noise.Site site);

  /** Computes layer normalisation and its statistics; {@code out} may be {@code x}. */
  void normalize(Normalization norm, Matrix x, Matrix out);

  /**
   * Computes the gradients of {@link #normalize}.
   *
   * @param dx added to
   */
  void normalizeBackward(Normalization norm, Matrix x, Matrix dOut, Matrix dx);

  /**
   * Holds the parameters of a layer normalisation.
   *
   * @param gain one row
   * @param shift one row
   * @param dGain added to
   * @param dShift added to
   * @param epsilon value added to the variance
   * @param statistics mean and inverse deviation of each row, {@code [rows, 2]}
   */
  record Normalization(
      Matrix gain, Matrix shift, Matrix dGain, Matrix dShift, double epsilon, Matrix statistics) {}

  /**
   * Computes the softmax of each row of square matrices, one below the other, in place. The sides
   * of the squares are the stride, which is padded to lanes; columns and rows beyond the number of
   * columns become 0.
   */
  void softmax(Matrix scores);

  /**
   * Replaces the gradient with respect to softmax weights by the one with respect to the scores, in
   * square matrices as those of {@link #softmax}.
   */
  void softmaxBackward(Matrix weights, Matrix dWeights);

  /** Computes out = gelu(x), by the exact formula; {@code out} may be {@code x}. */
  void gelu(Matrix x, Matrix out);

  /** Computes out = gelu(x) and x = gelu'(x). */
  void geluAndDerivative(Matrix x, Matrix out);

  /** Computes out = max(x, 0); {@code out} may be {@code x}. */
  void relu(Matrix x, Matrix out);

  /** Computes out = max(x, 0) and x = 1 where it was above 0, else 0. */
  void reluAndDerivative(Matrix x, Matrix out);

  /** Computes gradient *= derivatives, and adds the column sums of the result to the row. */
  void multiplyAndSum(Matrix derivatives, Matrix gradient, Matrix row);

  /** Computes x = tanh(x) and scores = the products of its rows with one row. */
  void tanhDot(Matrix x, Matrix row, float[] scores);

  /**
   * Computes the gradients of {@link #tanhDot}.
   *
   * @param active tanh, as {@link #tanhDot} left it
   * @param dX gradient with respect to the input of tanh; overwritten
   * @param dRow added to
   */
  void tanhDotBackward(Matrix active, float[] dScores, Matrix row, Matrix dX, Matrix dRow);

  /** Computes out, one row = sum of the rows of x times weights, which start at {@code first}. */
  void weightedSum(Matrix x, float[] weights, int first, Matrix out);

  /** Computes products, from {@code first} on = rows of x times one row. */
  void dot(Matrix x, Matrix row, float[] products, int first);

  /** Computes rows of out = one row times weights, which start at {@code first}. */
  void outer(float[] weights, int first, Matrix row, Matrix out);

  /** Adds to out what {@link #outer} computes. */
  void addOuter(float[] weights, int first, Matrix row, Matrix out);

  /** Updates mean and mean square of each gradient, and replaces the gradient by the step. */
  void adam(AdamStep step, Matrix gradient, Matrix means, Matrix squares);

  /**
   * Holds the numbers of one step of Adam.
   *
   * @param rate learning rate, with both bias corrections included
   */
  record AdamStep(float rate, float beta1, float beta2, float epsilon) {}

  /** Returns the conversions from and to 8-bit integers for rows that these kernels take. */
  Int8Kernels int8();

  /** Returns the {@link #vector} kernels if the JVM has them, plain loops otherwise. */
  static Kernels best() {
    return vector().orElseGet(ScalarKernels::new);
  }

  /**
   * Returns the kernels on the Vector API of the JDK, if the JVM was started with {@code
   * --add-modules jdk.incubator.vector}.
   */
  static Optional<Kernels> vector() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return Optional.empty();
    }
    try {
      Class<?> type = Class.forName("io.attune.neural.cpu.VectorKernels");
      return Optional.of((Kernels) type.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException | LinkageError e) {
      return Optional.empty();
    }
  }
}
