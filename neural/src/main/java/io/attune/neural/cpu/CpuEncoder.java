package io.attune.neural.cpu;

import io.attune.neural.encoder.Attention;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.Precision;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Computes an encoder for floats on a CPU: on packed tokens ({@code [tokens, width]}), by BLAS for
 * products and {@link Kernels} for the rest, in memory that it reuses.
 */
public final class CpuEncoder implements EncoderBackend {
  private final EncoderShape shape;
  private final CpuContext context;
  private final CpuEmbedding embedding;
  private final List<Floats> keptMemory = new ArrayList<>();
  private final CpuStack kept;
  private final CpuStack passing;
  private final CpuPooling pooling;
  private final Floats packed = Floats.growing();
  private final Floats columnSums = Floats.growing();
  private final Floats pooledValues = Floats.growing();
  private final Floats dPooled = Floats.growing();
  private final Floats dStream = Floats.growing();
  private Matrix lastStream;

  public CpuEncoder(EncoderShape shape, Kernels kernels) {
    this(shape, kernels, Precision.FLOAT32);
  }

  /**
   * Makes an encoder.
   *
   * @param precision of the factors of products
   */
  public CpuEncoder(EncoderShape shape, Kernels kernels, Precision precision) {
    this.shape = shape;
    context = new CpuContext(shape, kernels, precision);
    embedding = new CpuEmbedding(context);
    kept = new CpuStack(context, MemoryPool.separate(this::kept));
    passing = new CpuStack(context, MemoryPool.shared(Floats::growing));
    pooling = new CpuPooling(context);
  }

  private Floats kept() {
    Floats memory = Floats.growing();
    keptMemory.add(memory);
    return memory;
  }

  @Override
  public long keptBytes() {
    return keptMemory.stream().mapToLong(Floats::sizeInBytes).sum();
  }

  @Override
  public void forward(TokenBatch batch, Pass pass, INDArray parameters, INDArray output) {
    context.batch = batch;
    context.pass = pass;
    if (parameters != null) {
      context.weights.view(parameters);
    }
    if (batch.count() == 0) {
      Floats.of(output).clear();
      return;
    }
    Matrix x = shape.embeds() ? embedding.forward() : vectors();
    x = pass.keeps() ? kept.forward(x) : passing.forward(x);
    lastStream = x;
    if (shape.pools()) {
      pool(output);
    } else {
      CpuVectors.unpack(x, batch, output);
    }
  }

  /** Returns the input vectors, {@code [tokens, width]}. */
  private Matrix vectors() {
    Matrix x = packed.matrix(context.batch.count(), shape.width());
    CpuVectors.pack(context.batch.vectors(), context.batch, x);
    Matrix sums = columnSums.matrix(1, shape.width());
    sums.clear();
    context.kernels.addColumnSums(x, sums);
    double sum = 0;
    for (int column = 0; column < shape.width(); column++) {
      sum += sums.get(0, column);
    }
    context.batch.requireFinite(sum);
    return x;
  }

  private void pool(INDArray output) {
    Matrix result = pooledValues.matrix(context.batch.rows(), shape.width());
    pooling.forward(lastStream, result);
    dropOutput(result);
    result.copyTo(Floats.of(output).matrix(result.rows(), result.columns()));
  }

  private void dropOutput(Matrix rows) {
    Noise.Site output = context.pass.noise().output();
    for (int row = 0; row < rows.rows() && output.active(); row++) {
      context.kernels.drop(rows, row, row * shape.width(), output);
    }
  }

  @Override
  public void backward(INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    if (gradient != null) {
      context.gradients.view(gradient);
      context.gradients.clear();
    }
    TokenBatch batch = context.batch;
    if (batch.count() == 0) {
      if (inputGradient != null) {
        Floats.of(inputGradient).clear();
      }
      return;
    }
    Matrix x = dStream.matrix(batch.count(), shape.width());
    if (shape.pools()) {
      pooling.backward(lastStream, pooledGradient(epsilon), x);
    } else {
      CpuVectors.pack(epsilon, batch, x);
    }
    kept.backward(x);
    if (shape.embeds()) {
      embedding.backward(x);
    } else {
      CpuVectors.unpack(x, batch, inputGradient);
    }
  }

  private Matrix pooledGradient(INDArray epsilon) {
    INDArray rows = epsilon.ordering() == 'c' && !epsilon.isView() ? epsilon : epsilon.dup('c');
    Matrix copy = dPooled.matrix(context.batch.rows(), shape.width());
    Floats.of(rows).matrix(copy.rows(), copy.columns()).copyTo(copy);
    dropOutput(copy);
    return copy;
  }

  @Override
  public String toString() {
    return "the CPU backend (%s), products by %s"
        .formatted(context.kernels.name(), context.products());
  }

  @Override
  public Attention attention() {
    float[][] weights =
        shape.pools() ? pooling.traced() : new float[context.batch.rows()][context.batch.time()];
    return new Attention(
        weights, kept.attentions().stream().map(CpuSublayer.Attention::traced).toList());
  }
}
