package io.attune.neural.nd4j;

import io.attune.neural.Nd4jDevice;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.AddOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.SubOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Calls ND4J operations with existing arrays for their results. The last two dimensions of factors
 * are matrices, with any strides; those before count them.
 */
final class Nd4jMath {
  private Nd4jMath() {}

  /** Computes out = a b. */
  static void product(INDArray a, INDArray b, INDArray out) {
    product(1, a, false, b, false, out);
  }

  /** Computes out = factor a b. */
  static void product(double factor, INDArray a, INDArray b, INDArray out) {
    product(factor, a, false, b, false, out);
  }

  /** Computes out = aᵀ b. */
  static void productOfTransposed(INDArray a, INDArray b, INDArray out) {
    product(1, a, true, b, false, out);
  }

  /** Computes out = factor aᵀ b. */
  static void productOfTransposed(double factor, INDArray a, INDArray b, INDArray out) {
    product(factor, a, true, b, false, out);
  }

  /** Computes out = a bᵀ. */
  static void productWithTransposed(INDArray a, INDArray b, INDArray out) {
    product(1, a, false, b, true, out);
  }

  /** Computes out = factor a bᵀ. */
  static void productWithTransposed(double factor, INDArray a, INDArray b, INDArray out) {
    product(factor, a, false, b, true, out);
  }

  private static void product(
      double factor,
      INDArray a,
      boolean transposesA,
      INDArray b,
      boolean transposesB,
      INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("matmul")
            .addInputs(a, b)
            .addOutputs(out)
            .addIntegerArguments(transposesA ? 1 : 0, transposesB ? 1 : 0, 0)
            .addFloatingPointArguments(factor, 0.0)
            .build());
  }

  /** Computes out = a * b, value by value; b may be a row or a column. */
  static void multiply(INDArray a, INDArray b, INDArray out) {
    Nd4j.exec(new MulOp(a, b, out));
  }

  /** Computes out = a + b, value by value. */
  static void add(INDArray a, INDArray b, INDArray out) {
    Nd4j.exec(new AddOp(a, b, out));
  }

  /** Computes out = a - b, value by value. */
  static void subtract(INDArray a, INDArray b, INDArray out) {
    Nd4j.exec(new SubOp(a, b, out));
  }

  /** Computes out = factor x. */
  static void scale(double factor, INDArray x, INDArray out) {
    Nd4j.getExecutioner().exec(new ScalarMultiplication(x, null, out, factor));
  }

  /**
   * Computes the largest value of each row.
   *
   * @param out {@code [rows]}
   */
  static void largest(INDArray x, INDArray out) {
    Nd4j.exec(
        DynamicCustomOp.builder("reduce_max")
            .addInputs(x)
            .addOutputs(out)
            .addIntegerArguments(1)
            .build());
  }

  /**
   * Copies rows by their numbers.
   *
   * @param out {@code [numbers, columns]}
   */
  static void rows(INDArray source, int[] numbers, INDArray out) {
    Nd4j.pullRows(source, out, 1, numbers);
  }

  /** Copies values by rows, as many as the result has. */
  static void copy(float[] values, INDArray out) {
    if (out.dataType() == DataType.FLOAT && Nd4jDevice.isCpu()) {
      new FloatPointer(out.data().addressPointer()).put(values, 0, (int) out.length());
      return;
    }
    float[] exact = Arrays.copyOf(values, (int) out.length());
    out.assign(Nd4j.createFromArray(exact).castTo(out.dataType()).reshape(out.shape()));
  }
}
