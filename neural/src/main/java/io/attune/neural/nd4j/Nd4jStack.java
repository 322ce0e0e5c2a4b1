package io.attune.neural.nd4j;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.MemoryPool;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes the blocks of an encoder and its last normalisation, on packed tokens. */
final class Nd4jStack {
  private final Nd4jContext context;
  private final MemoryPool<GrowingArray> memory;
  private final List<Nd4jAttention> attentions = new ArrayList<>();
  private final List<Nd4jStep> steps = new ArrayList<>();

  Nd4jStack(Nd4jContext context, MemoryPool<GrowingArray> memory) {
    this.context = context;
    this.memory = memory;
    EncoderShape shape = context.shape;
    if (shape.part() == EncoderShape.Part.ATTENTION) {
      steps.add(new Nd4jStep.WithoutResidual(context, attention(0), context.memory()));
    }
    for (int block = 0; block < shape.blocks(); block++) {
      addBlock(block);
    }
    if (shape.hasFinalNorm()) {
      Nd4jNorm norm = new Nd4jNorm(context, EncoderLayout.NORM, memory);
      steps.add(new Nd4jStep.WithoutResidual(context, norm, context.memory()));
    }
  }

  private Nd4jAttention attention(int block) {
    Nd4jAttention attention = new Nd4jAttention(context, block, memory);
    attentions.add(attention);
    return attention;
  }

  private void addBlock(int block) {
    Nd4jSublayer attention = sublayer(EncoderLayout.attention(block), attention(block));
    steps.add(new Nd4jStep.WithResidual(context, attention, noise -> noise.afterAttention(block)));
    if (context.shape.hasFeedForward()) {
      Nd4jFeedForward function = new Nd4jFeedForward(context, block, memory);
      Nd4jSublayer feedForward = sublayer(EncoderLayout.feedForward(block), function);
      steps.add(
          new Nd4jStep.WithResidual(context, feedForward, noise -> noise.afterFeedForward(block)));
    }
  }

  /** Makes the next sublayer, which reads the result of the last one and must not overwrite it. */
  private Nd4jSublayer sublayer(String name, Nd4jSublayer.Function function) {
    GrowingArray stream = memory.get("stream" + steps.size() % 2);
    return new Nd4jSublayer(context, name, function, memory, stream);
  }

  /** Returns the attention of each block, in their order. */
  List<Nd4jAttention> attentions() {
    return attentions;
  }

  /**
   * Returns the memory of the result.
   *
   * @param x input, {@code [tokens, width]}
   * @param input its memory, which is returned if there is nothing to compute
   */
  GrowingArray forward(INDArray x, GrowingArray input) {
    INDArray result = x;
    GrowingArray at = input;
    for (Nd4jStep step : steps) {
      result = step.forward(result);
      at = step.result();
    }
    return at;
  }

  /** Replaces the gradient with respect to the result by the one with respect to the input. */
  void backward(INDArray gradient) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).backward(gradient);
    }
  }
}
