package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.ArrayList;
import java.util.List;

/** Computes the blocks of an encoder and its last normalisation, on packed tokens. */
final class CpuStack {
  private final CpuContext context;
  private final MemoryPool<Floats> memory;
  private final List<CpuSublayer.Attention> attentions = new ArrayList<>();
  private final List<CpuStep> steps = new ArrayList<>();

  CpuStack(CpuContext context, MemoryPool<Floats> memory) {
    this.context = context;
    this.memory = memory;
    EncoderShape shape = context.shape;
    if (shape.part() == EncoderShape.Part.ATTENTION) {
      steps.add(new CpuStep.WithoutResidual(context, attention(0)));
    }
    for (int block = 0; block < shape.blocks(); block++) {
      addBlock(block);
    }
    if (shape.hasFinalNorm()) {
      steps.add(new CpuStep.Normalize(context, EncoderLayout.NORM));
    }
  }

  private CpuSublayer.Attention attention(int block) {
    CpuSublayer.Attention attention = context.attention(block, memory);
    attentions.add(attention);
    return attention;
  }

  private void addBlock(int block) {
    steps.add(
        new CpuStep.WithResidual(
            context,
            new CpuSublayer(context, EncoderLayout.attention(block), attention(block), memory),
            noise -> noise.afterAttention(block)));
    if (context.shape.hasFeedForward()) {
      CpuSublayer.Function function = context.feedForward(block, memory);
      steps.add(
          new CpuStep.WithResidual(
              context,
              new CpuSublayer(context, EncoderLayout.feedForward(block), function, memory),
              noise -> noise.afterFeedForward(block)));
    }
  }

  /** Returns the attention of each block, in their order. */
  List<CpuSublayer.Attention> attentions() {
    return attentions;
  }

  /** Returns the result, {@code [tokens, width]}; overwrites {@code x} if nothing is kept. */
  Matrix forward(Matrix x) {
    Matrix result = x;
    for (CpuStep step : steps) {
      result = step.forward(result);
    }
    return result;
  }

  /** Replaces the gradient with respect to the result by the one with respect to the input. */
  void backward(Matrix gradient) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).backward(gradient);
    }
  }
}
