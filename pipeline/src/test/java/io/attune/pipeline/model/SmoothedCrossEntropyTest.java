package io.attune.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
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
}
