package io.attune.neural.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.EncoderShape;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Tests the polynomials for floats against ND4J's own operations in double precision. */
class Nd4jActivationsTest {
  private static final double TOLERANCE = 5e-7;

  private static Nd4jActivations activations(DataType dataType) {
    return new Nd4jActivations(new Nd4jContext(EncoderShape.norm(4), dataType));
  }

  private static INDArray between(double from, double to) {
    return Nd4j.linspace(DataType.FLOAT, from, (to - from) / 9999, 10_000);
  }

  private static double distance(INDArray found, INDArray expected) {
    return found.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue();
  }

  @Test
  void expIsThatOfEveryNumberUpToZero() {
    INDArray x = between(-150, 0);
    INDArray found = x.like();

    INDArray expected = Transforms.exp(x.castTo(DataType.DOUBLE));
    Nd4jActivations.exp(x, found);

    assertThat(distance(found, expected)).isLessThan(TOLERANCE);
    assertThat(found.minNumber().doubleValue()).isGreaterThanOrEqualTo(0);
  }

  @Test
  void expOfPaddingIsNothing() {
    INDArray x = Nd4j.createFromArray(-1e9f, -104f);
    INDArray found = x.like();

    Nd4jActivations.exp(x, found);

    assertThat(found.toFloatVector()).containsExactly(0, 0);
  }

  @Test
  void tanhIsThatOfEveryNumber() {
    INDArray x = between(-20, 20);
    INDArray expected = Transforms.tanh(x.castTo(DataType.DOUBLE));

    activations(DataType.FLOAT).tanh(x);

    assertThat(distance(x, expected)).isLessThan(TOLERANCE);
  }

  private static void gelu(INDArray x, INDArray found, INDArray derivative) {
    Nd4jActivations activations = activations(x.dataType());
    activations.gelu(x, found);
    activations.geluDerivative(x, derivative);
  }

  @Test
  void geluAndItsDerivativeAreRightForEveryNumber() {
    INDArray x = between(-25, 25);
    INDArray exact = x.castTo(DataType.DOUBLE);
    INDArray found = x.like();
    INDArray derivative = x.like();
    INDArray expected = exact.like();
    INDArray expectedDerivative = exact.like();

    gelu(x, found, derivative);
    gelu(exact, expected, expectedDerivative);

    assertThat(distance(found, expected)).isLessThan(TOLERANCE);
    assertThat(distance(derivative, expectedDerivative)).isLessThan(TOLERANCE);
  }

  @Test
  void geluRisesByOneHalfAtZero() {
    INDArray x = Nd4j.zeros(DataType.FLOAT, 1);
    INDArray found = x.like();
    INDArray derivative = x.like();

    gelu(x, found, derivative);

    assertThat(found.getDouble(0)).isZero();
    assertThat(derivative.getDouble(0)).isBetween(0.5 - TOLERANCE, 0.5 + TOLERANCE);
  }
}
