package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;

/** Computes the position-wise feed-forward layer (Vaswani et al. 2017, 3.3) on packed tokens. */
final class CpuFeedForward implements CpuSublayer.Function {
  private final CpuContext context;
  private final CpuDense in;
  private final CpuDense out;
  private final int block;
  private final Floats hidden;
  private final Floats active;

  CpuFeedForward(CpuContext context, int block, MemoryPool<Floats> memory) {
    this(
        context,
        block,
        memory,
        context.dense(EncoderLayout.feedForward(block) + ".in"),
        context.dense(EncoderLayout.feedForward(block) + ".out"));
  }

  CpuFeedForward(
      CpuContext context, int block, MemoryPool<Floats> memory, CpuDense in, CpuDense out) {
    this.context = context;
    this.block = block;
    hidden = memory.get("hidden");
    active = memory.get("active");
    this.in = in;
    this.out = out;
  }

  private Noise.Site site() {
    return context.pass.noise().feedForward(block);
  }

  @Override
  public void addTo(Matrix x, Matrix residual, Matrix result) {
    Matrix before = hidden.matrix(x.rows(), context.shape.feedForward());
    Matrix after = context.pass.keeps() ? active.matrix(x.rows(), before.columns()) : before;
    in.forward(x, before);
    activate(before, after);
    if (site().active()) {
      context.drop(after, site());
    }
    out.forwardOnto(after, residual, result);
  }

  /** Applies the activation, and replaces its input by the derivatives if they are needed. */
  private void activate(Matrix before, Matrix after) {
    boolean gelu = context.shape.activation() == FeedForwardActivation.GELU;
    if (gelu && context.pass.keeps()) {
      context.kernels.geluAndDerivative(before, after);
    } else if (gelu) {
      context.kernels.gelu(before, after);
    } else if (context.pass.keeps()) {
      context.kernels.reluAndDerivative(before, after);
    } else {
      context.kernels.relu(before, after);
    }
  }

  @Override
  public void backward(Matrix x, Matrix dOut, Matrix dIn) {
    Matrix after = active.matrix(x.rows(), context.shape.feedForward());
    Matrix gradient = context.inner.matrix(x.rows(), context.shape.feedForward());
    out.backward(after, dOut, gradient);
    if (site().active()) {
      context.drop(gradient, site());
    }
    Matrix derivatives = hidden.matrix(x.rows(), context.shape.feedForward());
    context.kernels.multiplyAndSum(
        derivatives,
        gradient,
        context.gradients.row(EncoderLayout.feedForward(block) + ".in.bias"));
    in.backwardOfProduct(x, gradient, dIn);
  }
}
