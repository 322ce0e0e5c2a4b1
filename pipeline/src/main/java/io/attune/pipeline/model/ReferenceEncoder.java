package io.attune.pipeline.model;

import io.attune.pipeline.model.ModelConfig.Norm;
import io.attune.pipeline.model.ModelConfig.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An encoder in plain ND4J operations, in any floating-point type. Tensors keep their padding:
 * {@code [batch * time, width]}.
 */
final class ReferenceEncoder implements EncoderCompute {
  private final EncoderShape shape;
  private final EncoderLayout layout;
  private final DataType dataType;
  private final INDArray sinusoids;

  private PaddedBatch batch;
  private Noise noise;
  private Map<String, INDArray> weights;
  private INDArray wordFactors;
  private INDArray outputFactors;
  private List<ReferenceSublayer> sublayers;
  private ReferenceNorm finalNorm;
  private ReferencePooling pooling;

  ReferenceEncoder(EncoderShape shape, DataType dataType) {
    this.shape = shape;
    this.dataType = dataType;
    layout = EncoderLayout.of(shape);
    sinusoids =
        shape.positions() == Positions.SINUSOIDAL
            ? Nd4j.createFromArray(SinusoidalPositions.table(shape.maxTokens(), shape.width()))
                .reshape(shape.maxTokens(), shape.width())
                .castTo(dataType)
            : null;
  }

  @Override
  public void forward(TokenBatch tokens, Pass pass, INDArray parameters, INDArray pooled) {
    MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      pooled.assign(pooled(tokens, pass, parameters));
    } finally {
      outside.close();
    }
  }

  private INDArray pooled(TokenBatch tokens, Pass pass, INDArray parameters) {
    batch = PaddedBatch.of(tokens, dataType);
    noise = pass.noise();
    weights = EncoderInitializer.views(layout, parameters);
    INDArray x = embed(); // [batch * time, width]
    sublayers = sublayers();
    for (ReferenceSublayer sublayer : sublayers) {
      x = sublayer.forward(x);
    }
    if (shape.hasFinalNorm()) {
      finalNorm = new ReferenceNorm(weights, EncoderLayout.NORM);
      x = finalNorm.forward(x);
    }
    pooling = new ReferencePooling(shape.pooling(), weights, batch);
    INDArray vectors = pooling.forward(x); // [batch, width]
    if (noise.output().active()) {
      outputFactors = batch.rowFactors(noise.output(), shape.width());
      vectors = vectors.mul(outputFactors);
    }
    return vectors;
  }

  private INDArray embed() {
    INDArray x = Nd4j.pullRows(weights.get(EncoderLayout.TOKENS), 1, batch.ids());
    wordFactors = batch.mask();
    if (noise.word().active()) {
      wordFactors = wordFactors.mul(batch.tokenFactors(noise.word(), 1));
    }
    x = x.mulColumnVector(wordFactors);
    INDArray table =
        shape.positions() == Positions.LEARNED ? weights.get(EncoderLayout.POSITIONS) : sinusoids;
    if (table != null) {
      INDArray positions = Nd4j.pullRows(table, 1, batch.columns());
      x.addi(positions.muliColumnVector(batch.mask()));
    }
    return x;
  }

  private List<ReferenceSublayer> sublayers() {
    List<ReferenceSublayer> result = new ArrayList<>();
    for (int block = 0; block < shape.blocks(); block++) {
      String attention = EncoderLayout.attention(block);
      result.add(
          sublayer(
              attention,
              new ReferenceAttention(shape, weights, attention, batch, noise.attention(block)),
              noise.afterAttention(block)));
      if (shape.hasFeedForward()) {
        String feedForward = EncoderLayout.feedForward(block);
        result.add(
            sublayer(
                feedForward,
                new ReferenceFeedForward(
                    shape, weights, feedForward, batch, noise.feedForward(block)),
                noise.afterFeedForward(block)));
      }
    }
    return result;
  }

  private ReferenceSublayer sublayer(
      String name, ReferenceSublayer.Function function, Noise.Site site) {
    INDArray factors = site.active() ? batch.tokenFactors(site, shape.width()) : null;
    return new ReferenceSublayer(
        shape.norm() == Norm.PRE, new ReferenceNorm(weights, name), function, factors);
  }

  @Override
  public void backward(INDArray epsilon, INDArray gradient) {
    MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      gradient.assign(0);
      addGradient(epsilon, gradient);
    } finally {
      outside.close();
    }
  }

  private void addGradient(INDArray epsilon, INDArray gradient) {
    Map<String, INDArray> gradients = EncoderInitializer.views(layout, gradient);
    INDArray vectors = noise.output().active() ? epsilon.mul(outputFactors) : epsilon;
    INDArray x = pooling.backward(vectors, gradients);
    if (shape.hasFinalNorm()) {
      x = finalNorm.backward(x, gradients);
    }
    for (int i = sublayers.size() - 1; i >= 0; i--) {
      x = sublayers.get(i).backward(x, gradients);
    }
    if (shape.positions() == Positions.LEARNED) {
      scatter(x.mulColumnVector(batch.mask()), batch.columns(), EncoderLayout.POSITIONS, gradients);
    }
    scatter(x.mulColumnVector(wordFactors), batch.ids(), EncoderLayout.TOKENS, gradients);
  }

  private static void scatter(
      INDArray rows, int[] targets, String name, Map<String, INDArray> gradients) {
    INDArray target = gradients.get(name);
    Nd4j.exec(
        DynamicCustomOp.builder("scatter_add")
            .addInputs(target, Nd4j.createFromArray(targets), rows)
            .addOutputs(target)
            // Its lock: without it threads that add to one row lose each other's sums.
            .addBooleanArguments(true)
            .build());
  }

  @Override
  public String toString() {
    return "plain ND4J operations";
  }

  @Override
  public Attention attention() {
    List<float[][][][]> blocks = new ArrayList<>();
    for (ReferenceSublayer sublayer : sublayers) {
      if (sublayer.function() instanceof ReferenceAttention attention) {
        blocks.add(attention.weights());
      }
    }
    return new Attention(pooling.weights(), blocks);
  }
}
