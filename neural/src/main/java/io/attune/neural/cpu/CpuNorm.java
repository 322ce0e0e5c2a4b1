package io.attune.neural.cpu;

import io.attune.neural.cpu.Kernels.Normalization;

/** Layer normalisation of packed tokens, with what it keeps for the way back. */
final class CpuNorm {
  private final CpuContext context;
  private final String gain;
  private final String shift;
  private final Floats statistics = Floats.growing();

  CpuNorm(CpuContext context, String name) {
    this.context = context;
    gain = name + ".gain";
    shift = name + ".shift";
  }

  /** {@code out} may be {@code x}, if there is no way back; gradients are not touched. */
  void forward(Matrix x, Matrix out) {
    context.kernels.normalize(parameters(x.rows(), context.weights), x, out);
  }

  /** Adds the gradient by {@code x} to {@code dx}. */
  void backward(Matrix x, Matrix dOut, Matrix dx) {
    context.kernels.normalizeBackward(parameters(x.rows(), context.gradients), x, dOut, dx);
  }

  private Normalization parameters(int rows, CpuParameters gradients) {
    return new Normalization(
        context.weights.row(gain),
        context.weights.row(shift),
        gradients.row(gain),
        gradients.row(shift),
        statistics.matrix(rows, 2));
  }
}
