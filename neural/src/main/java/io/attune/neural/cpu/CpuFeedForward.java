package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;

/** Computes the position-wise feed-forward layer (Vaswani et al. 2017, 3.3) on packed tokens. */
final class CpuFeedForward implements CpuSublayer.Function {
  private final CpuContext context;
  private final String in;
  private final String out;
  private final int block;
  private final Floats hidden;
  private final Floats active;

  CpuFeedForward(CpuContext context, int block, MemoryPool<Floats> memory) {
    this.context = context;
    this.block = block;
    in = EncoderLayout.feedForward(block) + ".in";
    out = EncoderLayout.feedForward(block) + ".out";
    hidden = memory.get("hidden");
    active = memory.get("active");
  }

  private Noise.Site site() {
    return context.pass.noise().feedForward(block);
  }

  @Override
  public Matrix bias() {
    return context.weights.row(out + ".bias");
  }

  @Override
  public void addTo(Matrix x, Matrix result) {
    Matrix before = hidden.matrix(x.rows(), context.shape.feedForward());
    Matrix after = context.pass.keeps() ? active.matrix(x.rows(), before.columns()) : before;
    context.kernels.fill(context.weights.row(in + ".bias"), before);
    context.gemm.add(x, context.weights.get(in + ".weight"), before);
    activate(before, after);
    if (site().active()) {
      context.drop(after, site());
    }
    context.gemm.add(after, context.weights.get(out + ".weight"), result);
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
    context.gemm.addTransposedLeft(after, dOut, context.gradients.get(out + ".weight"));
    context.kernels.addColumnSums(dOut, context.gradients.row(out + ".bias"));
    context.gemm.setTransposedRight(1, dOut, context.weights.get(out + ".weight"), gradient);
    if (site().active()) {
      context.drop(gradient, site());
    }
    Matrix derivatives = hidden.matrix(x.rows(), context.shape.feedForward());
    context.kernels.multiplyAndSum(derivatives, gradient, context.gradients.row(in + ".bias"));
    context.gemm.addTransposedLeft(x, gradient, context.gradients.get(in + ".weight"));
    context.gemm.setTransposedRight(1, gradient, context.weights.get(in + ".weight"), dIn);
  }
}
