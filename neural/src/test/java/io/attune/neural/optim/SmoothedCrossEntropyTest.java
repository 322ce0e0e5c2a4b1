package io.attune.neural.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SmoothedCrossEntropyTest {
  private final INDArray label = Nd4j.createFromArray(new float[][] {{0, 1, 0}});
  private final INDArray output = Nd4j.createFromArray(new float[][] {{0.5f, -1, 2}});
  private final SmoothedCrossEntropy loss = new SmoothedCrossEntropy(0);

  @Test
  void gradientOfASingleRowIsThatOfTheRowAmongOthers() {
    INDArray two = Nd4j.vstack(output, output);
    INDArray expected =
        loss.computeGradient(
            Nd4j.vstack(label, label), two, new ActivationSoftmax(), Nd4j.ones(2, 1));

    INDArray single =
        loss.computeGradient(label, output.dup(), new ActivationSoftmax(), Nd4j.ones(1, 1));

    assertThat(single.toFloatVector()).isEqualTo(expected.getRow(0).toFloatVector());
    assertThat(single.sumNumber().doubleValue())
        .isCloseTo(0, org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void singleRowWithoutALabelHasNoGradientAndNoLoss() {
    INDArray mask = Nd4j.zeros(1, 1);

    INDArray gradient = loss.computeGradient(label, output.dup(), new ActivationSoftmax(), mask);

    assertThat(gradient.toFloatVector()).containsOnly(0);
    assertThat(loss.computeScore(label, output.dup(), new ActivationSoftmax(), mask, false))
        .isZero();
  }

  private static final INDArray LABELS =
      Nd4j.createFromArray(new double[][] {{0, 1, 0}, {1, 0, 0}, {0, 0, 1}});
  private static final INDArray OUTPUTS =
      Nd4j.createFromArray(new double[][] {{0.5, -1, 2}, {0.1, 0.2, 0.3}, {-1, 0, 1}});

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2})
  void aWeightOfTwoIsTheRowTwice(double smoothing) {
    SmoothedCrossEntropy weighted = new SmoothedCrossEntropy(smoothing, List.of(1.0, 2.0, 1.0));
    SmoothedCrossEntropy plain = new SmoothedCrossEntropy(smoothing);
    int[] twice = {0, 1, 2, 0};
    INDArray labels = Nd4j.pullRows(LABELS, 1, twice);
    INDArray outputs = Nd4j.pullRows(OUTPUTS, 1, twice);

    double score =
        weighted.computeScore(LABELS, OUTPUTS.dup(), new ActivationSoftmax(), null, false);

    assertThat(score)
        .isCloseTo(
            plain.computeScore(labels, outputs.dup(), new ActivationSoftmax(), null, false),
            within(1e-12));
    INDArray gradient =
        weighted.computeGradient(LABELS, OUTPUTS.dup(), new ActivationSoftmax(), null);
    INDArray expected = plain.computeGradient(labels, outputs.dup(), new ActivationSoftmax(), null);
    expected.getRow(0).addi(expected.getRow(3));
    for (int row = 0; row < 3; row++) {
      assertThat(gradient.getRow(row).toDoubleVector())
          .containsExactly(expected.getRow(row).toDoubleVector(), within(1e-12));
    }
  }

  @Test
  void gradientOfAWeightedLossIsItsDerivative() {
    SmoothedCrossEntropy weighted = new SmoothedCrossEntropy(0.1, List.of(0.5, 3.0, 1.5));
    INDArray mask = Nd4j.createFromArray(1.0, 0, 1).reshape(3, 1);
    INDArray gradient =
        weighted.computeGradient(LABELS, OUTPUTS.dup(), new ActivationSoftmax(), mask);
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        double difference =
            (scoreMoved(weighted, row, column, 1e-6, mask)
                    - scoreMoved(weighted, row, column, -1e-6, mask))
                / 2e-6;
        assertThat(gradient.getDouble(row, column)).isCloseTo(difference, within(1e-8));
      }
    }
  }

  private static final double[][] SOFT = {{0.2, 0.7, 0.1}, {0, 1, 0}, {0.25, 0.5, 0.25}};

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void softLabelsGiveTheCrossEntropyOfASlowOracle(boolean doubles) {
    List<Double> weights = List.of(0.5, 3.0, 1.5);
    double smoothing = 0.1;
    double[] mask = {1, 0, 1};
    DataType type = doubles ? DataType.DOUBLE : DataType.FLOAT;
    INDArray labels = Nd4j.createFromArray(SOFT).castTo(type);
    INDArray outputs = OUTPUTS.castTo(type);
    INDArray masks = Nd4j.createFromArray(mask).reshape(3, 1).castTo(type);
    SmoothedCrossEntropy soft = new SmoothedCrossEntropy(smoothing, weights);

    double score = soft.computeScore(labels, outputs.dup(), new ActivationSoftmax(), masks, false);
    INDArray gradient = soft.computeGradient(labels, outputs.dup(), new ActivationSoftmax(), masks);

    double expected = 0;
    for (int row = 0; row < 3; row++) {
      double sum = 0;
      double weight = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(OUTPUTS.getDouble(row, c));
        weight += mask[row] * SOFT[row][c] * weights.get(c);
      }
      for (int c = 0; c < 3; c++) {
        double probability = Math.exp(OUTPUTS.getDouble(row, c)) / sum;
        double target = SOFT[row][c] * (1 - smoothing) + smoothing / 3;
        expected -= weight * target * Math.log(probability);
        assertThat(gradient.getDouble(row, c))
            .isCloseTo(weight * (probability - target), within(doubles ? 1e-12 : 1e-6));
      }
    }
    assertThat(score).isCloseTo(expected, within(doubles ? 1e-12 : 1e-6));
  }

  @Test
  void gradientForSoftLabelsIsTheDerivative() {
    SmoothedCrossEntropy soft = new SmoothedCrossEntropy(0, List.of(0.5, 3.0, 1.5));
    INDArray labels = Nd4j.createFromArray(SOFT);
    INDArray gradient = soft.computeGradient(labels, OUTPUTS.dup(), new ActivationSoftmax(), null);
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        double difference =
            (scoreMoved(soft, labels, row, column, 1e-6, null)
                    - scoreMoved(soft, labels, row, column, -1e-6, null))
                / 2e-6;
        assertThat(gradient.getDouble(row, column)).isCloseTo(difference, within(1e-8));
      }
    }
  }

  @Test
  void aCertainSoftLabelIsTheOneHotLabelToTheBit() {
    SmoothedCrossEntropy plain = new SmoothedCrossEntropy(0);
    INDArray oneHot = LABELS.castTo(DataType.FLOAT);
    INDArray mixed = oneHot.mul(0.75).addi(oneHot.mul(0.25));
    INDArray outputs = OUTPUTS.castTo(DataType.FLOAT);

    assertThat(
            plain
                .computeGradient(mixed, outputs.dup(), new ActivationSoftmax(), null)
                .toFloatMatrix())
        .isDeepEqualTo(
            plain
                .computeGradient(oneHot, outputs.dup(), new ActivationSoftmax(), null)
                .toFloatMatrix());
  }

  private static double scoreMoved(
      SmoothedCrossEntropy loss, int row, int column, double step, INDArray mask) {
    return scoreMoved(loss, LABELS, row, column, step, mask);
  }

  private static double scoreMoved(
      SmoothedCrossEntropy loss, INDArray labels, int row, int column, double step, INDArray mask) {
    INDArray moved = OUTPUTS.dup();
    moved.putScalar(row, column, moved.getDouble(row, column) + step);
    return loss.computeScore(labels, moved, new ActivationSoftmax(), mask, false);
  }
}
