package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.int8.Int8Kernels.Sums;
import io.attune.neural.int8.Int8Rows;
import io.attune.neural.memory.Matrix;

/**
 * Computes the position-wise feed-forward layer in 8-bit integers in passes that ask for it, and
 * leaves the others to another implementation.
 */
final class Int8FeedForward implements CpuSublayer.Function {
  /** Holds the rows whose wide values are made, activated and rounded in the first cache. */
  private static final int TOGETHER = 4;

  private final CpuContext context;
  private final CpuSublayer.Function other;
  private final Int8Dense in;
  private final Int8Dense out;

  Int8FeedForward(CpuContext context, int block, CpuSublayer.Function other) {
    this.context = context;
    this.other = other;
    in = new Int8Dense(context, EncoderLayout.feedForward(block) + ".in");
    out = new Int8Dense(context, EncoderLayout.feedForward(block) + ".out");
  }

  @Override
  public void addTo(Matrix x, Matrix residual, Matrix result) {
    if (!context.quantizes()) {
      other.addTo(x, residual, result);
      return;
    }
    in.prepare();
    out.prepare();
    Int8Rows wide = context.int8.wide.ofWidth(context.shape.feedForward());
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = Int8Dense.piece(x.rows() - from);
      activate(in.multiply(x.rows(from, count)), count, wide);
      Matrix added = residual == null ? null : residual.rows(from, count);
      out.addTo(added, out.multiply(wide, count), result.rows(from, count));
    }
  }

  /** Makes rounded rows of the sums of the first product, and overwrites these. */
  private void activate(Sums sums, int rows, Int8Rows wide) {
    for (int from = 0; from < rows; from += TOGETHER) {
      Sums some = sums.rows(from, Math.min(TOGETHER, rows - from));
      Matrix values = some.numbers();
      in.set(some, values);
      if (context.shape.activation() == FeedForwardActivation.GELU) {
        context.kernels.gelu(values, values);
      } else {
        context.kernels.relu(values, values);
      }
      context.int8.kernels.quantize(values, wide, from);
    }
  }

  @Override
  public void backward(Matrix x, Matrix dOut, Matrix dIn) {
    other.backward(x, dOut, dIn);
  }
}
