package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.SinusoidalPositions;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;

/** Embeds token ids and their positions, with their normalisation, on packed tokens. */
final class CpuEmbedding {
  private final CpuContext context;
  private final EncoderShape shape;
  private final Matrix sinusoids;
  private final CpuNorm norm;
  private final Floats embedded = Floats.growing();
  private final Floats normed = Floats.growing();

  CpuEmbedding(CpuContext context) {
    this.context = context;
    shape = context.shape;
    norm = new CpuNorm(context, EncoderLayout.EMBEDDING_NORM, Floats.growing());
    sinusoids = shape.positions() == Positions.SINUSOIDAL ? sinusoids(shape) : null;
  }

  private static Matrix sinusoids(EncoderShape shape) {
    double[] values = SinusoidalPositions.table(shape.maxTokens(), shape.width());
    Matrix table = Floats.growing().matrix(shape.maxTokens(), shape.width());
    for (int i = 0; i < values.length; i++) {
      table.data().floats().put(i, (float) values[i]);
    }
    return table;
  }

  /** Returns the vectors, {@code [tokens, width]}. */
  Matrix forward() {
    TokenBatch batch = context.batch;
    Matrix x = embedded.matrix(batch.count(), shape.width());
    context.kernels.gather(batch.ids(), context.weights.get(EncoderLayout.TOKENS), x);
    dropWords(x);
    if (shape.positions() == Positions.LEARNED) {
      context.kernels.addGathered(batch.columns(), context.weights.get(EncoderLayout.POSITIONS), x);
    } else if (shape.positions() == Positions.SINUSOIDAL) {
      context.kernels.addGathered(batch.columns(), sinusoids, x);
    }
    Matrix result = shape.embeddingNorm() ? normalized(x) : x;
    drop(result);
    return result;
  }

  private Matrix normalized(Matrix x) {
    Matrix result = context.pass.keeps() ? normed.matrix(x.rows(), x.columns()) : x;
    norm.forward(x, result);
    return result;
  }

  private void drop(Matrix x) {
    Noise.Site site = context.pass.noise().embedding();
    if (site.active()) {
      context.drop(x, site);
    }
  }

  /** Multiplies each token's vector by its factor. */
  private void dropWords(Matrix x) {
    Noise.Site site = context.pass.noise().word();
    for (int token = 0; token < x.rows() && site.active(); token++) {
      float factor = site.factor(context.batch.indices()[token]);
      for (int column = 0; column < x.columns(); column++) {
        x.set(token, column, factor * x.get(token, column));
      }
    }
  }

  /**
   * Adds to the gradients of the tables and of the normalisation.
   *
   * @param gradient with respect to the vectors; overwritten
   */
  void backward(Matrix gradient) {
    drop(gradient);
    if (!shape.embeddingNorm()) {
      tablesBackward(gradient);
      return;
    }
    Matrix before = context.dInput.matrix(gradient.rows(), gradient.columns());
    before.clear();
    norm.backward(embedded.matrix(gradient.rows(), gradient.columns()), gradient, before);
    tablesBackward(before);
  }

  private void tablesBackward(Matrix gradient) {
    TokenBatch batch = context.batch;
    if (shape.positions() == Positions.LEARNED) {
      context.kernels.scatter(
          gradient, batch.columns(), context.gradients.get(EncoderLayout.POSITIONS));
    }
    dropWords(gradient);
    context.kernels.scatter(gradient, batch.ids(), context.gradients.get(EncoderLayout.TOKENS));
  }
}
