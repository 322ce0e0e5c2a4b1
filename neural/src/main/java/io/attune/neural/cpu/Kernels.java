package io.attune.neural.cpu;

import io.attune.neural.encoder.Noise;
import java.util.Optional;

/**
 * The loops over native memory that BLAS has no word for. A matrix that is "one row" gives the same
 * row to all rows of another.
 */
public interface Kernels {

  /**
   * Columns of every matrix are padded in memory to a multiple of this, or the kernels not used.
   */
  int lanes();

  /** For logs. */
  String name();

  /** out = each row of a, plus one row. {@code out} may be {@code a}. */
  void sum(Matrix a, Matrix row, Matrix out);

  /** out = one row, in each row. */
  void fill(Matrix row, Matrix out);

  /** out += a. */
  void add(Matrix a, Matrix out);

  /** The row += the sum of all rows of a. */
  void addColumnSums(Matrix a, Matrix row);

  /** out = rows of the table by index. */
  void gather(int[] indices, Matrix table, Matrix out);

  /** out += rows of the table by index. */
  void addGathered(int[] indices, Matrix table, Matrix out);

  /** Rows of the table by index += rows of a. */
  void scatter(Matrix a, int[] indices, Matrix table);

  /** One row of x, times the factors of a dropout site from an index on. */
  void drop(Matrix x, int row, int index, Noise.Site site);

  /** Layer normalisation; writes the statistics; {@code out} may be {@code x}. */
  void normalize(Normalization norm, Matrix x, Matrix out);

  /**
   * Backward of {@link #normalize}.
   *
   * @param dx added to
   */
  void normalizeBackward(Normalization norm, Matrix x, Matrix dOut, Matrix dx);

  /**
   * Parameters of a layer normalisation.
   *
   * @param gain one row
   * @param shift one row
   * @param dGain added to
   * @param dShift added to
   * @param statistics mean and inverse deviation of each row, {@code [rows, 2]}
   */
  record Normalization(Matrix gain, Matrix shift, Matrix dGain, Matrix dShift, Matrix statistics) {}

  /**
   * Softmax of each row in place; the stride is padded to lanes, and the padding may be written.
   */
  void softmax(Matrix scores);

  /**
   * Gradient by the scores, from softmax weights and the gradient by them, in place of the latter.
   */
  void softmaxBackward(Matrix weights, Matrix dWeights);

  /** out = gelu(x), by the exact formula; {@code out} may be {@code x}. */
  void gelu(Matrix x, Matrix out);

  /** out = gelu(x), x = gelu'(x). */
  void geluAndDerivative(Matrix x, Matrix out);

  /** out = max(x, 0); {@code out} may be {@code x}. */
  void relu(Matrix x, Matrix out);

  /** out = max(x, 0), x = 1 where it was above 0, else 0. */
  void reluAndDerivative(Matrix x, Matrix out);

  /** gradient *= derivatives; the row += the column sums of the result. */
  void multiplyAndSum(Matrix derivatives, Matrix gradient, Matrix row);

  /** x = tanh(x); scores = its rows' products with one row. */
  void tanhDot(Matrix x, Matrix row, float[] scores);

  /**
   * Backward of {@link #tanhDot}.
   *
   * @param active tanh, as {@link #tanhDot} left it
   * @param dX gradient by what went into tanh; overwritten
   * @param dRow added to
   */
  void tanhDotBackward(Matrix active, float[] dScores, Matrix row, Matrix dX, Matrix dRow);

  /** out, one row = sum of the rows of x times weights, which start at {@code first}. */
  void weightedSum(Matrix x, float[] weights, int first, Matrix out);

  /** products, from {@code first} on = rows of x times one row. */
  void dot(Matrix x, Matrix row, float[] products, int first);

  /** Rows of out = one row times weights, which start at {@code first}. */
  void outer(float[] weights, int first, Matrix row, Matrix out);

  /** Mean and mean square of each gradient move on; the gradient becomes the step. */
  void adam(AdamStep step, Matrix gradient, Matrix means, Matrix squares);

  /**
   * Numbers of one step of Adam.
   *
   * @param rate learning rate with both corrections of the start in it
   */
  record AdamStep(float rate, float beta1, float beta2, float epsilon) {}

  /** {@link #vector} kernels if there are, plain loops otherwise. */
  static Kernels best() {
    return vector().orElseGet(ScalarKernels::new);
  }

  /**
   * Kernels on the Vector API of the JDK, if the JVM was started with {@code --add-modules
   * jdk.incubator.vector}.
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
