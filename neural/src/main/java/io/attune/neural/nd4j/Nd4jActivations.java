package io.attune.neural.nd4j;

import io.attune.neural.Nd4jDevice;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Reciprocal;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes the exponential and activations based on it. ND4J computes the error function and tanh
 * slowly on a CPU, but exponentials and arithmetic fast: floats on a CPU are computed by these,
 * with an error below 5e-7; everything else by the operations themselves.
 */
final class Nd4jActivations {
  /**
   * Scales x in Abramowitz & Stegun 1964, 26.2.17: the normal tail is density * polynomial(1 / (1 +
   * P x)).
   */
  private static final double P = 0.2316419;

  private static final double[] TAIL = {
    1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530
  };

  private static final double DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);

  private final boolean byPolynomials;
  private final GrowingArray first;
  private final GrowingArray second;
  private final GrowingArray third;
  private final GrowingArray fourth;

  Nd4jActivations(Nd4jContext context) {
    byPolynomials = context.dataType == DataType.FLOAT && Nd4jDevice.isCpu();
    first = context.memory();
    second = context.memory();
    third = context.memory();
    fourth = context.memory();
  }

  private static void run(Op op) {
    Nd4j.getExecutioner().exec(op);
  }

  private static void run(ScalarOp op) {
    Nd4j.getExecutioner().exec(op);
  }

  /** Computes out = exp(x). */
  static void exp(INDArray x, INDArray out) {
    run(new Exp(x, out));
  }

  /** Computes x = tanh(x). */
  void tanh(INDArray x) {
    if (!byPolynomials) {
      run(new Tanh(x, x));
      return;
    }
    INDArray power = first.array(x.shape());
    INDArray exponential = second.array(x.shape());
    run(new Abs(x, power));
    power.muli(-2);
    exp(power, exponential); // exp(-2 |x|)
    Nd4jMath.scale(1, exponential, power);
    power.addi(1);
    exponential.rsubi(1);
    exponential.divi(power);
    run(new Sign(x, power));
    Nd4jMath.multiply(exponential, power, x);
  }

  /** Computes out = max(x, 0). */
  static void relu(INDArray x, INDArray out) {
    run(new RectifiedLinear(x, out, 0));
  }

  /** Computes out = 1 where x is above 0, else 0. */
  static void step(INDArray x, INDArray out) {
    run(new Step(x, out, 0));
  }

  /**
   * Computes out = x times the standard normal distribution function of x (Hendrycks & Gimpel
   * 2016).
   */
  void gelu(INDArray x, INDArray out) {
    INDArray density = third.array(x.shape());
    run(new Square(x, out));
    out.muli(-0.5);
    if (!byPolynomials) {
      exp(out, density);
      density.muli(DENSITY_AT_0);
      INDArray cdf = second.array(x.shape());
      Nd4jMath.scale(Math.sqrt(0.5), x, out);
      run(new Erf(out, cdf));
      cdf.addi(1).muli(0.5);
      Nd4jMath.multiply(x, cdf, out);
      return;
    }
    exp(out, density);
    density.muli(DENSITY_AT_0);
    INDArray size = first.array(x.shape());
    INDArray tail = second.array(x.shape());
    run(new Abs(x, size));
    normalTail(size, tail, out);
    tail.muli(density);
    density.muli(size);
    size.muli(tail);
    relu(x, out);
    out.subi(size); // x (1 - tail) above 0, x tail below
  }

  /** Computes the derivative of the last {@link #gelu}, of the same x. */
  void geluDerivative(INDArray x, INDArray derivative) {
    INDArray density = third.array(x.shape());
    INDArray probability = second.array(x.shape());
    if (!byPolynomials) {
      Nd4jMath.multiply(x, density, derivative);
      derivative.addi(probability);
      return;
    }
    INDArray correction =
        density.rsubi(probability); // the derivative is 1 - correction above 0 and correction below
    step(x, derivative);
    INDArray negativeSide = first.array(x.shape());
    Nd4jMath.scale(-2, correction, negativeSide);
    negativeSide.addi(1).muli(derivative);
    Nd4jMath.add(negativeSide, correction, derivative);
  }

  /** Computes the probability of the normal tail above each size, divided by the density there. */
  private void normalTail(INDArray size, INDArray tail, INDArray scratch) {
    INDArray t = fourth.array(size.shape());
    Nd4jMath.scale(P, size, scratch);
    scratch.addi(1);
    run(new Reciprocal(scratch, t));
    Nd4jMath.scale(TAIL[0], t, tail);
    for (int i = 1; i < TAIL.length; i++) {
      tail.addi(TAIL[i]).muli(t);
    }
  }
}
