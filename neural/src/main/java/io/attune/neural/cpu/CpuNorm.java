package io.attune.neural.cpu;

import io.attune.neural.cpu.Kernels.Normalization;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;

/**
 * Computes layer normalisation of packed tokens, and keeps the statistics for the backward pass.
 */
final class CpuNorm {
  private final CpuContext context;
  private final String gain;
  private final String shift;
  private final Floats statistics;

  /**
   * Makes a normalisation.
   *
   * @param name of its parameters
   * @param statistics memory for the mean and the inverse deviation of each token
   */
  CpuNorm(CpuContext context, String name, Floats statistics) {
    this.context = context;
    this.statistics = statistics;
    gain = name + ".gain";
    shift = name + ".shift";
  }

  /**
   * Normalises {@code x}; {@code out} may be {@code x} if no backward pass follows; gradients are
   * not changed.
   */
  void forward(Matrix x, Matrix out) {
    context.kernels.normalize(parameters(x.rows(), context.weights), x, out);
  }

  /** Adds the gradient with respect to {@code x} to {@code dx}. */
  void backward(Matrix x, Matrix dOut, Matrix dx) {
    context.kernels.normalizeBackward(parameters(x.rows(), context.gradients), x, dOut, dx);
  }

  private Normalization parameters(int rows, CpuParameters gradients) {
    return new Normalization(
        context.weights.row(gain),
        context.weights.row(shift),
        gradients.row(gain),
        gradients.row(shift),
        context.shape.normEpsilon(),
        statistics.matrix(rows, 2));
  }
}
