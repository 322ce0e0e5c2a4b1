package io.attune.neural.optim;

import io.attune.neural.cpu.Kernels;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Computes Adam (Kingma & Ba 2015) as DL4J does, with the same state and configuration, in one pass
 * over memory if the parameters are floats on a CPU, and by ND4J's own operation otherwise.
 */
public final class FusedAdam extends Adam {
  private static final long serialVersionUID = 1;

  /** Makes the updater, as DL4J's {@link Adam} of the same arguments. */
  public FusedAdam(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("beta1") double beta1,
      @JsonProperty("beta2") double beta2,
      @JsonProperty("epsilon") double epsilon) {
    super(learningRate, beta1, beta2, epsilon);
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
  public FusedAdam clone() {
    FusedAdam copy = new FusedAdam(getLearningRate(), getBeta1(), getBeta2(), getEpsilon());
    copy.setLearningRateSchedule(getLearningRateSchedule());
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FusedAdam && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof FusedAdam;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + 1;
  }

  /** Computes the step. */
  private static final class Updater extends AdamUpdater {
    private final Kernels kernels = Kernels.best();

    private Updater(FusedAdam config) {
      super(config);
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      if (!AdamArithmetic.fits(gradient, getM(), getV())) {
        super.applyUpdater(gradient, iteration, epoch);
        return;
      }
      kernels.adam(
          AdamArithmetic.step(getConfig(), iteration, epoch),
          row(gradient),
          row(getM()),
          row(getV()));
    }

    private static Matrix row(INDArray array) {
      return Floats.of(array).matrix(1, (int) array.length());
    }
  }
}
