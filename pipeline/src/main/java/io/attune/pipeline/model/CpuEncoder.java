package io.attune.pipeline.model;

import io.attune.pipeline.model.ModelConfig.Positions;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An encoder for floats on a CPU. Real tokens only, one after the other ({@code [tokens, width]});
 * BLAS for products, {@link Kernels} for the rest, memory of its own that is used again and again.
 */
final class CpuEncoder implements EncoderCompute {
  private final EncoderShape shape;
  private final CpuContext context;
  private final Matrix sinusoids;
  private final Floats embedded = Floats.growing();
  private final Floats normed = Floats.growing();
  private final Floats pooledValues = Floats.growing();
  private final Floats dPooled = Floats.growing();
  private final Floats dStream = Floats.growing();
  private final List<CpuSublayer> sublayers = new ArrayList<>();
  private final CpuNorm finalNorm;
  private final CpuPooling pooling;
  private Matrix beforeFinalNorm;
  private Matrix lastStream;

  CpuEncoder(EncoderShape shape, Kernels kernels) {
    this.shape = shape;
    context = new CpuContext(shape, kernels);
    sinusoids = shape.positions() == Positions.SINUSOIDAL ? sinusoids(shape) : null;
    for (int block = 0; block < shape.blocks(); block++) {
      sublayers.add(
          new CpuSublayer(
              context, EncoderLayout.attention(block), new CpuAttention(context, block)));
      if (shape.hasFeedForward()) {
        sublayers.add(
            new CpuSublayer(
                context, EncoderLayout.feedForward(block), new CpuFeedForward(context, block)));
      }
    }
    finalNorm = new CpuNorm(context, EncoderLayout.NORM);
    pooling = new CpuPooling(context);
  }

  private static Matrix sinusoids(EncoderShape shape) {
    double[] values = SinusoidalPositions.table(shape.maxTokens(), shape.width());
    Matrix table = Floats.growing().matrix(shape.maxTokens(), shape.width());
    for (int i = 0; i < values.length; i++) {
      table.data().floats().put(i, (float) values[i]);
    }
    return table;
  }

  @Override
  public void forward(TokenBatch batch, Pass pass, INDArray parameters, INDArray pooled) {
    context.batch = batch;
    context.pass = pass;
    context.weights.view(parameters);
    Matrix result = pooledValues.matrix(batch.rows(), shape.width());
    if (batch.count() == 0) {
      result.clear();
    } else {
      lastStream = stream();
      pooling.forward(lastStream, result);
    }
    Noise.Site output = pass.noise().output();
    for (int row = 0; row < batch.rows() && output.active(); row++) {
      context.kernels.drop(result, row, row * shape.width(), output);
    }
    result.copyTo(Floats.of(pooled).matrix(batch.rows(), shape.width()));
  }

  /** What is pooled, {@code [tokens, width]}. */
  private Matrix stream() {
    Matrix x = embed();
    for (int i = 0; i < sublayers.size(); i++) {
      x = sublayers.get(i).forward(x, siteAfter(i));
    }
    if (!shape.hasFinalNorm()) {
      return x;
    }
    Matrix out = normed.matrix(x.rows(), x.columns());
    finalNorm.forward(x, out);
    beforeFinalNorm = x;
    return out;
  }

  private Noise.Site siteAfter(int sublayer) {
    Noise noise = context.pass.noise();
    if (!shape.hasFeedForward()) {
      return noise.afterAttention(sublayer);
    }
    return sublayer % 2 == 0
        ? noise.afterAttention(sublayer / 2)
        : noise.afterFeedForward(sublayer / 2);
  }

  private Matrix embed() {
    TokenBatch batch = context.batch;
    Matrix x = embedded.matrix(batch.count(), shape.width());
    context.kernels.gather(batch.ids(), context.weights.get(EncoderLayout.TOKENS), x);
    dropWords(x);
    if (shape.positions() == Positions.LEARNED) {
      context.kernels.addGathered(batch.columns(), context.weights.get(EncoderLayout.POSITIONS), x);
    } else if (shape.positions() == Positions.SINUSOIDAL) {
      context.kernels.addGathered(batch.columns(), sinusoids, x);
    }
    return x;
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

  @Override
  public void backward(INDArray epsilon, INDArray gradient) {
    context.gradients.view(gradient);
    context.gradients.clear();
    TokenBatch batch = context.batch;
    if (batch.count() == 0) {
      return;
    }
    Matrix output = outputGradient(epsilon);
    Matrix x = dStream.matrix(batch.count(), shape.width());
    pooling.backward(lastStream, output, x);
    if (shape.hasFinalNorm()) {
      Matrix before = context.dInput.matrix(batch.count(), shape.width());
      before.clear();
      finalNorm.backward(beforeFinalNorm, x, before);
      before.copyTo(x);
    }
    for (int i = sublayers.size() - 1; i >= 0; i--) {
      sublayers.get(i).backward(x);
    }
    if (shape.positions() == Positions.LEARNED) {
      context.kernels.scatter(x, batch.columns(), context.gradients.get(EncoderLayout.POSITIONS));
    }
    dropWords(x);
    context.kernels.scatter(x, batch.ids(), context.gradients.get(EncoderLayout.TOKENS));
  }

  private Matrix outputGradient(INDArray epsilon) {
    INDArray rows = epsilon.ordering() == 'c' && !epsilon.isView() ? epsilon : epsilon.dup('c');
    Matrix copy = dPooled.matrix(context.batch.rows(), shape.width());
    Floats.of(rows).matrix(copy.rows(), copy.columns()).copyTo(copy);
    Noise.Site output = context.pass.noise().output();
    for (int row = 0; row < copy.rows() && output.active(); row++) {
      context.kernels.drop(copy, row, row * shape.width(), output);
    }
    return copy;
  }

  @Override
  public String toString() {
    return "the CPU path (" + context.kernels.name() + ")";
  }

  @Override
  public Attention attention() {
    List<float[][][][]> blocks = new ArrayList<>();
    for (CpuSublayer sublayer : sublayers) {
      if (sublayer.function() instanceof CpuAttention attention) {
        blocks.add(attention.traced());
      }
    }
    return new Attention(pooling.traced(), blocks);
  }
}
