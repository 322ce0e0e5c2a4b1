package io.attune.pipeline.model;

import io.attune.pipeline.model.ModelConfig.Norm;
import io.attune.pipeline.model.ModelConfig.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
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
  private List<ReferenceAttention> attentions;
  private List<Step> steps;
  private ReferencePooling pooling;

  /**
   * One step of the way from a batch's first vectors to its last, {@code [batch * time, width]}.
   */
  private record Step(
      UnaryOperator<INDArray> forward,
      BiFunction<INDArray, Map<String, INDArray>, INDArray> backward) {}

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
  public void forward(TokenBatch tokens, Pass pass, INDArray parameters, INDArray output) {
    MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      batch = PaddedBatch.of(tokens, dataType);
      noise = pass.noise();
      weights = parameters == null ? Map.of() : EncoderInitializer.views(layout, parameters);
      output.assign(output());
    } finally {
      outside.close();
    }
  }

  private INDArray output() {
    INDArray x = shape.embeds() ? embed() : vectors(); // [batch * time, width]
    attentions = new ArrayList<>();
    steps = steps();
    for (Step step : steps) {
      x = step.forward().apply(x);
    }
    if (!shape.pools()) {
      return padded(x);
    }
    pooling = new ReferencePooling(shape.pooling(), weights, batch);
    INDArray vectors = pooling.forward(x); // [batch, width]
    if (noise.output().active()) {
      outputFactors = batch.rowFactors(noise.output(), shape.width());
      vectors = vectors.mul(outputFactors);
    }
    return vectors;
  }

  /** The vectors that go in. */
  private INDArray vectors() {
    INDArray x = batch.realCells(batch.tokens().vectors());
    batch.tokens().requireFinite(x.sumNumber().doubleValue());
    return x;
  }

  /** {@code [batch * time, width]} to {@code [batch, time, width]}, 0 at padding. */
  private INDArray padded(INDArray x) {
    return x.mulColumnVector(batch.mask()).reshape(batch.rows(), batch.time(), shape.width());
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

  private List<Step> steps() {
    List<Step> result = new ArrayList<>();
    if (shape.part() == EncoderShape.Part.ATTENTION) {
      ReferenceAttention attention = attention(0);
      result.add(new Step(attention::forward, attention::backward));
    }
    for (int block = 0; block < shape.blocks(); block++) {
      result.add(
          sublayer(EncoderLayout.attention(block), attention(block), noise.afterAttention(block)));
      if (shape.hasFeedForward()) {
        String name = EncoderLayout.feedForward(block);
        ReferenceFeedForward function =
            new ReferenceFeedForward(shape, weights, name, batch, noise.feedForward(block));
        result.add(sublayer(name, function, noise.afterFeedForward(block)));
      }
    }
    if (shape.hasFinalNorm()) {
      ReferenceNorm norm = new ReferenceNorm(weights, EncoderLayout.NORM);
      result.add(new Step(norm::forward, norm::backward));
    }
    return result;
  }

  private ReferenceAttention attention(int block) {
    ReferenceAttention attention =
        new ReferenceAttention(
            shape, weights, EncoderLayout.attention(block), batch, noise.attention(block));
    attentions.add(attention);
    return attention;
  }

  private Step sublayer(String name, ReferenceSublayer.Function function, Noise.Site site) {
    INDArray factors = site.active() ? batch.tokenFactors(site, shape.width()) : null;
    ReferenceSublayer sublayer =
        new ReferenceSublayer(
            shape.norm() == Norm.PRE, new ReferenceNorm(weights, name), function, factors);
    return new Step(sublayer::forward, sublayer::backward);
  }

  @Override
  public void backward(INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      Map<String, INDArray> gradients = Map.of();
      if (gradient != null) {
        gradient.assign(0);
        gradients = EncoderInitializer.views(layout, gradient);
      }
      INDArray x = streamGradient(epsilon, gradients);
      for (int i = steps.size() - 1; i >= 0; i--) {
        x = steps.get(i).backward().apply(x, gradients);
      }
      if (shape.embeds()) {
        addToTables(x, gradients);
      } else {
        inputGradient.assign(padded(x));
      }
    } finally {
      outside.close();
    }
  }

  /** Gradient by the vectors of tokens that come last, {@code [batch * time, width]}. */
  private INDArray streamGradient(INDArray epsilon, Map<String, INDArray> gradients) {
    if (!shape.pools()) {
      return batch.realCells(epsilon);
    }
    INDArray vectors = noise.output().active() ? epsilon.mul(outputFactors) : epsilon;
    return pooling.backward(vectors, gradients);
  }

  private void addToTables(INDArray x, Map<String, INDArray> gradients) {
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
    return new Attention(
        shape.pools() ? pooling.weights() : new float[batch.rows()][batch.time()],
        attentions.stream().map(ReferenceAttention::weights).toList());
  }
}
