package io.attune.neural.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class LazyAdamTest {
  private static final int ROWS = 37;

  private static LazyAdam lazy(int rowLength) {
    return new LazyAdam(0.01, 0.9, 0.98, 1e-6, rowLength);
  }

  private static INDArray gradient(Random random, int rowLength, double zeroRows, DataType type) {
    float[][] values = new float[ROWS][rowLength];
    for (float[] row : values) {
      boolean zero = random.nextDouble() < zeroRows;
      for (int c = 0; c < rowLength && !zero; c++) {
        row[c] = c % 3 == 0 ? 0 : (float) random.nextGaussian();
      }
    }
    return Nd4j.createFromArray(values).castTo(type).reshape(1, (long) ROWS * rowLength);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 5, 2})
  void takesTheStepsOfAdamWhereEveryRowHasAGradient(int rowLength) {
    INDArray lazyState = Nd4j.zeros(DataType.FLOAT, 1, 2L * ROWS * rowLength);
    INDArray state = lazyState.dup();
    GradientUpdater<?> lazy = lazy(rowLength).instantiate(lazyState, true);
    GradientUpdater<?> adam = new Adam(0.01, 0.9, 0.98, 1e-6).instantiate(state, true);
    Random random = new Random(1);
    for (int step = 0; step < 20; step++) {
      INDArray gradient = gradient(random, rowLength, 0, DataType.FLOAT);
      INDArray expected = gradient.dup();

      lazy.applyUpdater(gradient, step, 0);

      adam.applyUpdater(expected, step, 0);
      assertThat(gradient.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-6);
      assertThat(lazyState.sub(state).amaxNumber().doubleValue()).isLessThan(1e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void aRowWithoutAGradientKeepsItsMomentsAndItsValuesToTheBit(DataType type) {
    int rowLength = 16;
    INDArray state = Nd4j.zeros(type, 1, 2L * ROWS * rowLength);
    GradientUpdater<?> lazy = lazy(rowLength).instantiate(state, true);
    Random random = new Random(2);
    for (int step = 0; step < 10; step++) {
      INDArray gradient = gradient(random, rowLength, 0.7, type);
      INDArray given = gradient.dup().reshape(ROWS, rowLength);
      INDArray before = state.dup().reshape(2L * ROWS, rowLength);

      lazy.applyUpdater(gradient, step, 0);

      INDArray steps = gradient.reshape(ROWS, rowLength);
      INDArray after = state.reshape(2L * ROWS, rowLength);
      for (int row = 0; row < ROWS; row++) {
        boolean moves = given.getRow(row).amaxNumber().doubleValue() != 0;
        assertThat(steps.getRow(row).amaxNumber().doubleValue() != 0).isEqualTo(moves);
        assertThat(after.getRow(row).equals(before.getRow(row))).isEqualTo(!moves);
        assertThat(after.getRow(ROWS + row).equals(before.getRow(ROWS + row))).isEqualTo(!moves);
      }
    }
  }

  @Test
  void minusZeroIsNoGradient() {
    INDArray state = Nd4j.ones(DataType.FLOAT, 1, 2 * 16);
    GradientUpdater<?> lazy = lazy(16).instantiate(state, false);
    INDArray gradient = Nd4j.valueArrayOf(new long[] {1, 16}, -0.0, DataType.FLOAT);

    lazy.applyUpdater(gradient, 3, 0);

    assertThat(state).isEqualTo(Nd4j.ones(DataType.FLOAT, 1, 2 * 16));
    assertThat(gradient.amaxNumber().doubleValue()).isZero();
  }

  @Test
  void aGradientThatIsNotANumberIsNotOverlooked() {
    INDArray state = Nd4j.zeros(DataType.FLOAT, 1, 2 * 16);
    GradientUpdater<?> lazy = lazy(16).instantiate(state, true);
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, 1, 16);
    gradient.putScalar(0, 7, Float.NaN);

    lazy.applyUpdater(gradient, 0, 0);

    assertThat(gradient.getFloat(0, 7)).isNaN();
  }

  @Test
  void refusesParametersThatAreNoWholeNumberOfRows() {
    GradientUpdater<?> lazy = lazy(16).instantiate(Nd4j.zeros(DataType.FLOAT, 1, 2 * 40), true);

    assertThatThrownBy(() -> lazy.applyUpdater(Nd4j.zeros(DataType.FLOAT, 1, 40), 0, 0))
        .hasMessage("40 parameters are not a whole number of rows of 16 values");
    assertThatThrownBy(() -> lazy(0)).hasMessage("rowLength must be at least 1, got 0");
  }

  @Test
  void aCloneKeepsScheduleAndRows() {
    LazyAdam adam = lazy(8);
    adam.setLrAndSchedule(
        0.01, new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.5).build());

    IUpdater clone = adam.clone();

    assertThat(clone).isEqualTo(adam).isNotEqualTo(lazy(16));
    assertThat(clone.getLearningRate(0, 0)).isEqualTo(0.5);
  }
}
