package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;

/**
 * Holds what the parts of a {@link CpuEncoder} share: parameters, kernels, scratch memory, the
 * current batch.
 */
final class CpuContext {
  final EncoderShape shape;
  final Kernels kernels;
  final Gemm gemm = new Gemm();
  final CpuParameters weights;
  final CpuParameters gradients;

  /**
   * Holds the gradient with respect to the input of the current function, {@code [tokens, width]}.
   */
  final Floats dInput = Floats.growing();

  /**
   * Holds a copy of values that a dropout changes and that others read unchanged, {@code [tokens,
   * width]}.
   */
  final Floats dropped = Floats.growing();

  /** Holds the gradient with respect to intermediate values of the current function. */
  final Floats inner = Floats.growing();

  /** Holds the gradient with respect to values computed before those of {@link #inner}. */
  final Floats innermost = Floats.growing();

  TokenBatch batch;
  Pass pass;

  CpuContext(EncoderShape shape, Kernels kernels) {
    this.shape = shape;
    this.kernels = kernels;
    EncoderLayout layout = EncoderLayout.of(shape);
    weights = new CpuParameters(layout);
    gradients = new CpuParameters(layout);
  }

  /** Drops values of all tokens' vectors, in place. */
  void drop(Matrix x, Noise.Site site) {
    int[] indices = batch.indices();
    for (int token = 0; token < x.rows(); token++) {
      kernels.drop(x, token, indices[token] * x.columns(), site);
    }
  }

  /** Rounds a number of columns up to a whole number of vectors. */
  int padded(int columns) {
    int lanes = kernels.lanes();
    return (columns + lanes - 1) / lanes * lanes;
  }
}
