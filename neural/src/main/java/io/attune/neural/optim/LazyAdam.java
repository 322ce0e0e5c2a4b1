package io.attune.neural.optim;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.cpu.Kernels;
import io.attune.neural.cpu.ScalarKernels;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Computes Adam (Kingma & Ba 2015) for tables of which a batch uses a few rows: a row whose
 * gradient is 0 keeps its values and its moments. Adam itself would move each row on as long as its
 * mean lasts, and would shrink the moments of a rare row to nothing before it occurs again.
 *
 * <p>The bias correction counts the steps of the network, not those of a row, as in PyTorch's
 * SparseAdam.
 */
public final class LazyAdam extends Adam {
  private static final long serialVersionUID = 1;

  @JsonProperty private final int rowLength;

  /**
   * Makes the updater.
   *
   * @param rowLength values of a row; the parameters must be a whole number of rows
   */
  public LazyAdam(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("beta1") double beta1,
      @JsonProperty("beta2") double beta2,
      @JsonProperty("epsilon") double epsilon,
      @JsonProperty("rowLength") int rowLength) {
    super(learningRate, beta1, beta2, epsilon);
    require(rowLength >= 1, "rowLength must be at least 1, got %d", rowLength);
    this.rowLength = rowLength;
  }

  /** Returns the number of values of a row. */
  public int rowLength() {
    return rowLength;
  }

  @Override
  public GradientUpdater<Adam> instantiate(INDArray view, boolean initialize) {
    Updater updater = new Updater(this);
    long[] shape = {1, view.length() / 2};
    updater.setStateViewArray(view, shape, view.ordering(), initialize);
    return updater;
  }

  @Override
  public GradientUpdater<Adam> instantiate(Map<String, INDArray> state, boolean initialize) {
    Updater updater = new Updater(this);
    updater.setState(state, initialize);
    return updater;
  }

  @Override
  public LazyAdam clone() {
    LazyAdam copy =
        new LazyAdam(getLearningRate(), getBeta1(), getBeta2(), getEpsilon(), rowLength);
    copy.setLearningRateSchedule(getLearningRateSchedule());
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LazyAdam lazy && super.equals(other) && rowLength == lazy.rowLength;
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof LazyAdam;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + rowLength;
  }

  /** Computes the step. */
  private static final class Updater extends AdamUpdater {
    private final int rowLength;
    private final Kernels kernels;

    private Updater(LazyAdam config) {
      super(config);
      rowLength = config.rowLength;
      Kernels best = Kernels.best();
      kernels = rowLength % best.lanes() == 0 ? best : new ScalarKernels();
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      require(
          gradient.length() % rowLength == 0,
          "%d parameters are not a whole number of rows of %d values",
          gradient.length(),
          rowLength);
      if (AdamArithmetic.fits(gradient, getM(), getV())) {
        step(
            AdamArithmetic.step(getConfig(), iteration, epoch),
            rows(gradient),
            rows(getM()),
            rows(getV()));
      } else {
        stepByArrays(gradient, iteration, epoch);
      }
    }

    private void step(Kernels.AdamStep step, Matrix gradient, Matrix means, Matrix squares) {
      int row = kernels.nextNonZeroRow(gradient, 0);
      while (row < gradient.rows()) {
        kernels.adam(step, gradient.rows(row, 1), means.rows(row, 1), squares.rows(row, 1));
        row = kernels.nextNonZeroRow(gradient, row + 1);
      }
    }

    /** Takes the step of Adam for all rows, and restores those whose gradient was 0. */
    private void stepByArrays(INDArray gradient, int iteration, int epoch) {
      INDArray gradients = table(gradient);
      boolean[] moves = new boolean[gradients.rows()];
      for (int row = 0; row < moves.length; row++) {
        moves[row] = gradients.getRow(row).amaxNumber().doubleValue() != 0;
      }
      INDArray means = table(getM()).dup();
      INDArray squares = table(getV()).dup();
      super.applyUpdater(gradient, iteration, epoch);
      for (int row = 0; row < moves.length; row++) {
        if (!moves[row]) {
          gradients.getRow(row).assign(0);
          table(getM()).getRow(row).assign(means.getRow(row));
          table(getV()).getRow(row).assign(squares.getRow(row));
        }
      }
    }

    private INDArray table(INDArray array) {
      return array.reshape('c', array.length() / rowLength, rowLength);
    }

    private Matrix rows(INDArray array) {
      return Floats.of(array).matrix((int) (array.length() / rowLength), rowLength);
    }
  }
}
