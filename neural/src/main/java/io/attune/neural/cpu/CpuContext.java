package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;

/**
 * What the parts of a {@link CpuEncoder} share: parameters, kernels, scratch, the batch at hand.
 */
final class CpuContext {
  final EncoderShape shape;
  final Kernels kernels;
  final Gemm gemm = new Gemm();
  final CpuParameters weights;
  final CpuParameters gradients;

  /** Gradient by the input of the function at hand, {@code [tokens, width]}. */
  final Floats dInput = Floats.growing();

  /** Values that a dropout changes and nobody else may see changed, {@code [tokens, width]}. */
  final Floats dropped = Floats.growing();

  /** Gradient by the inside of the function at hand. */
  final Floats inner = Floats.growing();

  /** The same, one step further in. */
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

  /** At least {@code columns}, and a whole number of vectors. */
  int padded(int columns) {
    int lanes = kernels.lanes();
    return (columns + lanes - 1) / lanes * lanes;
  }
}
