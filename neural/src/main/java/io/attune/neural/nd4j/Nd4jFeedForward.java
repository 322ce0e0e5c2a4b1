package io.attune.neural.nd4j;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes the position-wise feed-forward layer (Vaswani et al. 2017, 3.3), on packed tokens. */
final class Nd4jFeedForward implements Nd4jSublayer.Function {
  private final Nd4jContext context;
  private final int block;
  private final String in;
  private final String out;
  private final GrowingArray active;
  private final GrowingArray derivatives;
  private INDArray input;

  Nd4jFeedForward(Nd4jContext context, int block, MemoryPool<GrowingArray> memory) {
    this.context = context;
    this.block = block;
    in = EncoderLayout.feedForward(block) + ".in";
    out = EncoderLayout.feedForward(block) + ".out";
    active = memory.get("feedForward.active");
    derivatives = memory.get("feedForward.derivatives");
  }

  private Noise.Site site() {
    return context.pass.noise().feedForward(block);
  }

  @Override
  public void forward(INDArray x, INDArray result) {
    input = x;
    int width = context.shape.feedForward();
    INDArray hidden = context.tokens(context.scratch, width);
    INDArray activated = context.tokens(active, width);
    context.dense(x, in, hidden);
    if (context.shape.activation() == FeedForwardActivation.GELU) {
      context.activations.gelu(hidden, activated);
    } else {
      Nd4jActivations.relu(hidden, activated);
    }
    if (context.pass.keeps()) {
      keepDerivatives(hidden);
    }
    if (site().active()) {
      context.batch.drop(activated, site());
    }
    context.dense(activated, out, result);
  }

  private void keepDerivatives(INDArray hidden) {
    INDArray derivative = derivatives.array(hidden.shape());
    if (context.shape.activation() == FeedForwardActivation.GELU) {
      context.activations.geluDerivative(hidden, derivative);
    } else {
      Nd4jActivations.step(hidden, derivative);
    }
    if (site().active()) {
      context.batch.drop(derivative, site());
    }
  }

  @Override
  public void backward(INDArray dOut, INDArray dx) {
    int width = context.shape.feedForward();
    INDArray dHidden = context.tokens(context.scratch, width);
    context.denseBackward(context.tokens(active, width), out, dOut, dHidden);
    dHidden.muli(context.tokens(derivatives, width));
    context.denseBackward(input, in, dHidden, dx);
  }
}
