package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;
import io.attune.neural.onednn.Product.After;
import io.attune.neural.onednn.Type;

/**
 * Computes the position-wise feed-forward layer with GELU in bfloat16, piece by piece, so that the
 * wide values in its middle stay in the cache. A backward pass needs them only before GELU.
 */
final class Bfloat16FeedForward implements CpuSublayer.Function {
  private final CpuContext context;
  private final Bfloat16 bfloat16;
  private final OneDnn oneDnn;
  private final Bfloat16Dense in;
  private final Bfloat16Dense out;
  private final CpuFeedForward withDropout;
  private final int block;
  private final Floats hidden;

  Bfloat16FeedForward(CpuContext context, int block, MemoryPool<Floats> memory) {
    this.context = context;
    this.block = block;
    bfloat16 = context.bfloat16;
    oneDnn = bfloat16.oneDnn;
    in = new Bfloat16Dense(context, EncoderLayout.feedForward(block) + ".in");
    out = new Bfloat16Dense(context, EncoderLayout.feedForward(block) + ".out");
    hidden = memory.get("hidden");
    withDropout = new CpuFeedForward(context, block, memory, in, out);
  }

  private boolean drops() {
    return context.pass.noise().feedForward(block).active();
  }

  private int width() {
    return context.shape.feedForward();
  }

  /** Returns the address of a piece's values before GELU. */
  private long before(int row) {
    return hidden.address() + (long) row * width() * Short.BYTES;
  }

  private long scratch(Floats memory) {
    return Bfloat16.reserve(memory, (long) Bfloat16.PIECE * width());
  }

  @Override
  public void addTo(Matrix x, Matrix residual, Matrix result) {
    if (drops()) {
      withDropout.addTo(x, residual, result);
      return;
    }
    in.pack();
    out.pack();
    boolean keeps = context.pass.keeps();
    if (keeps) {
      Bfloat16.reserve(hidden, (long) x.rows() * width());
    }
    After after = Bfloat16Dense.after(residual, result);
    Matrix added = residual == null ? result : residual;
    long active = scratch(context.wideFactor);
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = Bfloat16.piece(x.rows() - from);
      long left = bfloat16.convert(x.rows(from, count), context.leftFactor);
      if (keeps) {
        in.apply(left, count, before(from), After.NOTHING);
        oneDnn.gelu(count, width(), Type.BFLOAT16).run(before(from), active);
      } else {
        in.apply(left, count, active, After.GELU);
      }
      out.apply(active, added.rows(from, count), result.rows(from, count), after);
    }
  }

  @Override
  public void backward(Matrix x, Matrix dOut, Matrix dIn) {
    if (drops()) {
      withDropout.backward(x, dOut, dIn);
      return;
    }
    long active = scratch(context.wideFactor);
    long gradient = scratch(context.wideGradient);
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = Bfloat16.piece(x.rows() - from);
      oneDnn.gelu(count, width(), Type.BFLOAT16).run(before(from), active);
      out.addBiasGradient(dOut.rows(from, count));
      long right = bfloat16.convert(dOut.rows(from, count), context.rightFactor);
      After after = Bfloat16Dense.afterFirst(from);
      out.sumWeightGradient(active, right, count, context.weightGradient, after);
      out.inputGradient(right, count, gradient);
      oneDnn.geluBackward(count, width(), Type.BFLOAT16).run(before(from), gradient, gradient);
      in.addBiasGradient(gradient, count);
      long left = bfloat16.convert(x.rows(from, count), context.leftFactor);
      in.sumWeightGradient(left, gradient, count, context.otherWeightGradient, after);
      in.inputGradient(gradient, dIn.rows(from, count));
    }
    out.writeWeightGradient(context.weightGradient);
    in.writeWeightGradient(context.otherWeightGradient);
  }
}
