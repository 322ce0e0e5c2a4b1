package io.attune.neural.optim;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.cpu.Kernels;
import io.attune.neural.cpu.ScalarKernels;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class FusedAdamTest {
  private static final int LENGTH = 1237;

  @Test
  void takesTheStepsOfAdam() {
    INDArray fusedState = Nd4j.zeros(1, 2 * LENGTH);
    INDArray state = Nd4j.zeros(1, 2 * LENGTH);
    GradientUpdater<?> fused = new FusedAdam(0.01, 0.9, 0.99, 1e-6).instantiate(fusedState, true);
    GradientUpdater<?> adam = new Adam(0.01, 0.9, 0.99, 1e-6).instantiate(state, true);
    Random random = new Random(1);
    for (int step = 0; step < 20; step++) {
      INDArray gradient = gradient(random);
      INDArray expected = gradient.dup();

      fused.applyUpdater(gradient, step, 0);

      adam.applyUpdater(expected, step, 0);
      assertThat(gradient.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-7);
      assertThat(fusedState.sub(state).amaxNumber().doubleValue()).isLessThan(1e-6);
    }
  }

  @Test
  void plainLoopsGiveWhatTheVectorApiGives() {
    Random random = new Random(2);
    INDArray gradient = gradient(random);
    INDArray other = gradient.dup();
    Kernels.AdamStep step = new Kernels.AdamStep(0.01f, 0.9f, 0.999f, 1e-8f);

    Kernels.vector().orElseThrow().adam(step, row(gradient), zeros(), zeros());
    new ScalarKernels().adam(step, row(other), zeros(), zeros());

    assertThat(gradient.sub(other).amaxNumber().doubleValue()).isLessThan(1e-7);
  }

  @Test
  void aCloneKeepsTheSchedule() {
    FusedAdam adam = new FusedAdam(0.01, 0.9, 0.999, 1e-8);
    adam.setLrAndSchedule(
        0.01, new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.5).build());

    IUpdater clone = adam.clone();

    assertThat(clone).isEqualTo(adam);
    assertThat(clone.getLearningRate(0, 0)).isEqualTo(0.5);
  }

  private static INDArray gradient(Random random) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(1, LENGTH);
  }

  private static Matrix row(INDArray array) {
    return Floats.of(array).matrix(1, LENGTH);
  }

  private static Matrix zeros() {
    Matrix zeros = Floats.growing().matrix(1, LENGTH);
    zeros.clear();
    return zeros;
  }
}
