package io.attune.neural.nd4j;

import io.attune.neural.encoder.Attention;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes an encoder in plain ND4J operations, in any floating-point type and on any device: on
 * packed tokens ({@code [tokens, width]}), except for {@link Nd4jAttention}, which pads them, and
 * in memory that it reuses.
 */
public final class Nd4jEncoder implements EncoderBackend {
  private final EncoderShape shape;
  private final Nd4jContext context;
  private final Nd4jEmbedding embedding;
  private final Nd4jStack kept;
  private final Nd4jStack passing;
  private final Nd4jPooling pooling;
  private final GrowingArray outside;
  private final GrowingArray packed;
  private final GrowingArray dPooled;
  private final GrowingArray dStream;

  public Nd4jEncoder(EncoderShape shape, DataType dataType) {
    this.shape = shape;
    context = new Nd4jContext(shape, dataType);
    embedding = shape.embeds() ? new Nd4jEmbedding(context) : null;
    kept = new Nd4jStack(context, MemoryPool.separate(context::memory));
    passing = new Nd4jStack(context, MemoryPool.shared(context::memory));
    pooling = new Nd4jPooling(context);
    outside = context.memory();
    packed = context.memory();
    dPooled = context.memory();
    dStream = context.memory();
  }

  @Override
  public void forward(TokenBatch tokens, Pass pass, INDArray parameters, INDArray output) {
    MemoryWorkspace workspaces = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      context.pass = pass;
      context.weights.view(parameters);
      context.batch.take(tokens);
      if (tokens.count() == 0) {
        output.assign(0);
      } else {
        compute(output);
      }
    } finally {
      workspaces.close();
    }
  }

  private void compute(INDArray output) {
    INDArray x = shape.embeds() ? embedding.forward() : vectors();
    GrowingArray input = shape.embeds() ? embedding.result() : packed;
    Nd4jStack stack = context.pass.keeps() ? kept : passing;
    GrowingArray memory = stack.forward(x, input);
    if (shape.pools()) {
      pooling.forward(context.tokens(memory, shape.width()), memory, output);
      dropOutput(output);
    } else {
      context.batch.padForOutside(memory, asOuterCells(output));
    }
  }

  /** Returns the input vectors, {@code [tokens, width]}. */
  private INDArray vectors() {
    TokenBatch tokens = context.batch.tokens();
    INDArray x = context.batch.packFromOutside(tokens.vectors(), outside, packed);
    tokens.requireFinite(x.sumNumber().doubleValue());
    return x;
  }

  private void dropOutput(INDArray rows) {
    Noise.Site site = context.pass.noise().output();
    if (site.active()) {
      context.batch.dropByRow(rows, site);
    }
  }

  /** Reshapes {@code [batch, time, width]} to {@code [outer cells, width]}. */
  private INDArray asOuterCells(INDArray array) {
    return array.reshape('c', context.batch.outerCells(), shape.width());
  }

  @Override
  public void backward(INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    MemoryWorkspace workspaces = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      context.gradients.view(gradient);
      if (context.batch.tokens().count() > 0) {
        computeGradients(epsilon, inputGradient);
        return;
      }
      if (gradient != null) {
        gradient.assign(0);
      }
      if (inputGradient != null) {
        inputGradient.assign(0);
      }
    } finally {
      workspaces.close();
    }
  }

  private void computeGradients(INDArray epsilon, INDArray inputGradient) {
    INDArray x = context.tokens(dStream, shape.width());
    if (shape.pools()) {
      pooling.backward(pooledGradient(epsilon), x);
    } else {
      context.batch.packFromOutside(epsilon, outside, dStream);
    }
    kept.backward(x);
    if (shape.embeds()) {
      embedding.backward(dStream);
    } else {
      context.batch.padForOutside(dStream, asOuterCells(inputGradient));
    }
  }

  private INDArray pooledGradient(INDArray epsilon) {
    INDArray copy = dPooled.array(epsilon.shape());
    copy.assign(epsilon);
    dropOutput(copy);
    return copy;
  }

  @Override
  public String toString() {
    return "plain ND4J operations";
  }

  @Override
  public Attention attention() {
    TokenBatch tokens = context.batch.tokens();
    float[][] weights = shape.pools() ? pooling.traced() : new float[tokens.rows()][tokens.time()];
    return new Attention(weights, kept.attentions().stream().map(Nd4jAttention::weights).toList());
  }
}
