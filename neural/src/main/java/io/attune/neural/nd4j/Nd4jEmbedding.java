package io.attune.neural.nd4j;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.SinusoidalPositions;
import io.attune.neural.encoder.TokenBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Embeds token ids and their positions, with their normalisation, on packed tokens. */
final class Nd4jEmbedding {
  private final Nd4jContext context;
  private final EncoderShape shape;
  private final INDArray sinusoids;
  private final Nd4jRowSums rowSums;
  private final Nd4jNorm norm;
  private final GrowingArray embedded;
  private final GrowingArray normed;
  private final GrowingArray byPosition;

  Nd4jEmbedding(Nd4jContext context) {
    this.context = context;
    shape = context.shape;
    sinusoids = shape.positions() == Positions.SINUSOIDAL ? sinusoids() : null;
    rowSums = new Nd4jRowSums(context, shape.vocabulary());
    norm =
        new Nd4jNorm(context, EncoderLayout.EMBEDDING_NORM, MemoryPool.separate(context::memory));
    embedded = context.memory();
    normed = context.memory();
    byPosition = context.memory();
  }

  private INDArray sinusoids() {
    return Nd4j.createFromArray(SinusoidalPositions.table(shape.maxTokens(), shape.width()))
        .reshape(shape.maxTokens(), shape.width())
        .castTo(context.dataType);
  }

  /** Returns the memory of the last result. */
  GrowingArray result() {
    return shape.embeddingNorm() ? normed : embedded;
  }

  /** Returns the vectors, {@code [tokens, width]}. */
  INDArray forward() {
    INDArray x = context.tokens(embedded, shape.width());
    Nd4jMath.rows(context.weights.get(EncoderLayout.TOKENS), context.batch.ids(), x);
    dropWords(x);
    INDArray table =
        shape.positions() == Positions.LEARNED
            ? context.weights.get(EncoderLayout.POSITIONS)
            : sinusoids;
    if (table != null) {
      INDArray positions = context.tokens(context.scratch, shape.width());
      Nd4jMath.rows(table, context.batch.columns(), positions);
      x.addi(positions);
    }
    INDArray result = x;
    if (shape.embeddingNorm()) {
      result = context.tokens(normed, shape.width());
      norm.forward(x, result);
    }
    drop(result);
    return result;
  }

  private void drop(INDArray x) {
    Noise.Site site = context.pass.noise().embedding();
    if (site.active()) {
      context.batch.drop(x, site);
    }
  }

  /** Multiplies each token's vector by its factor. */
  private void dropWords(INDArray x) {
    Noise.Site site = context.pass.noise().word();
    if (site.active()) {
      x.muliColumnVector(context.batch.wordFactors(site));
    }
  }

  /**
   * Computes the gradients of the tables and of the normalisation.
   *
   * @param memory memory of the gradient with respect to the vectors; overwritten
   */
  void backward(GrowingArray memory) {
    INDArray gradient = context.tokens(memory, shape.width());
    drop(gradient);
    if (!shape.embeddingNorm()) {
      tablesBackward(memory);
      return;
    }
    norm.backward(gradient, context.tokens(context.dInput, shape.width()));
    tablesBackward(context.dInput);
  }

  private void tablesBackward(GrowingArray memory) {
    if (shape.positions() == Positions.LEARNED) {
      positionsBackward(memory);
    }
    dropWords(context.tokens(memory, shape.width()));
    rowSums.sum(memory, context.gradients.get(EncoderLayout.TOKENS));
  }

  /** Sums the gradients of a position over rows, in which it always has the same cell. */
  private void positionsBackward(GrowingArray memory) {
    TokenBatch tokens = context.batch.tokens();
    long values = (long) tokens.time() * shape.width();
    context.batch.padForOutside(
        memory, byPosition.array(context.batch.outerCells(), shape.width()));
    context.gradients.get(EncoderLayout.POSITIONS).assign(0);
    INDArray used =
        context.gradients.flat(EncoderLayout.POSITIONS).get(NDArrayIndex.interval(0, values));
    context.sumRows(byPosition.array(tokens.rows(), values), used);
  }
}
