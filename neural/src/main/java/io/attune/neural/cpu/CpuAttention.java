package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;

/**
 * Computes multi-head self-attention (Vaswani et al. 2017, 3.2) on packed tokens. Queries, keys and
 * values of a token are adjacent, {@code [tokens, 3 * width]}, and so are the heads in each: BLAS
 * reads them in place.
 */
final class CpuAttention implements CpuSublayer.Function {
  private final CpuContext context;
  private final String in;
  private final String out;
  private final int block;
  private final Floats projected;
  private final Floats attention;
  private final Floats mixed;
  private final Floats masked;
  private int[] starts = new int[0];

  CpuAttention(CpuContext context, int block, MemoryPool<Floats> memory) {
    this.context = context;
    this.block = block;
    in = EncoderLayout.attention(block) + ".in";
    out = EncoderLayout.attention(block) + ".out";
    projected = memory.get("projected");
    attention = memory.get("attention");
    mixed = memory.get("mixed");
    masked = memory.get("masked");
  }

  private float scale() {
    return (float) (1 / Math.sqrt(context.shape.headWidth()));
  }

  private Noise.Site site() {
    return context.pass.noise().attention(block);
  }

  @Override
  public Matrix bias() {
    return context.weights.row(out + ".bias");
  }

  @Override
  public void addTo(Matrix x, Matrix result) {
    int width = context.shape.width();
    Matrix heads = projected.matrix(x.rows(), 3 * width);
    context.kernels.fill(context.weights.row(in + ".bias"), heads);
    context.gemm.add(x, context.weights.get(in + ".weight"), heads);
    Matrix mixture = mixed.matrix(x.rows(), width);
    reserveWeights();
    for (int row = 0; row < context.batch.rows(); row++) {
      for (int head = 0; head < context.shape.heads() && context.batch.length(row) > 0; head++) {
        attend(row, head, heads, mixture);
      }
    }
    context.gemm.add(mixture, context.weights.get(out + ".weight"), result);
  }

  /**
   * Computes softmax(Q Kᵀ / sqrt(head width)) V for one row and head: Vaswani et al. 2017, eq. 1.
   */
  private void attend(int row, int head, Matrix heads, Matrix mixture) {
    Matrix weights = weights(row, head); // [length, length]
    context.gemm.setTransposedRight(
        scale(), part(heads, row, head, 0), part(heads, row, head, 1), weights);
    context.kernels.softmax(weights);
    Matrix used = site().active() ? dropped(weights, row, head) : weights;
    context.gemm.set(1, used, part(heads, row, head, 2), part(mixture, row, head, 0));
  }

  /**
   * Returns the queries (0), keys (1) or values (2) of one row and head: {@code [length,
   * headWidth]}.
   */
  private Matrix part(Matrix heads, int row, int head, int which) {
    int headWidth = context.shape.headWidth();
    return heads
        .rows(context.batch.start(row), context.batch.length(row))
        .slice(which * context.shape.width() + head * headWidth, headWidth);
  }

  private void reserveWeights() {
    long floats = 0;
    for (int row = 0; row < context.batch.rows(); row++) {
      int length = context.batch.length(row);
      long matrix = (long) length * context.padded(length);
      floats =
          context.pass.keeps() ? floats + context.shape.heads() * matrix : Math.max(floats, matrix);
    }
    attention.ensure(floats);
    setStarts();
  }

  /** Sets the offset of each row's weights; all rows share one if nothing is kept. */
  private void setStarts() {
    int rows = context.batch.rows();
    if (starts.length < rows) {
      starts = new int[rows];
    }
    int next = 0;
    for (int row = 0; row < rows; row++) {
      starts[row] = next;
      if (context.pass.keeps()) {
        int length = context.batch.length(row);
        next += context.shape.heads() * length * context.padded(length);
      }
    }
  }

  private Matrix weights(int row, int head) {
    int length = context.batch.length(row);
    int stride = context.padded(length);
    int offset = starts[row] + (context.pass.keeps() ? head * length * stride : 0);
    return new Matrix(attention, offset, length, length, stride);
  }

  private Matrix dropped(Matrix weights, int row, int head) {
    Matrix copy = masked.matrix(weights.rows(), weights.columns(), weights.stride());
    weights.copyTo(copy);
    drop(copy, row, head);
    return copy;
  }

  private void drop(Matrix weights, int row, int head) {
    int max = context.shape.maxTokens();
    int matrix = row * context.shape.heads() + head;
    Matrix padded = // Kernels go by whole vectors.
        new Matrix(
            weights.data(), weights.offset(), weights.rows(), weights.stride(), weights.stride());
    Noise.Site site = site();
    for (int query = 0; query < weights.rows(); query++) {
      context.kernels.drop(padded, query, (matrix * max + query) * max, site);
    }
  }

  @Override
  public void backward(Matrix x, Matrix dOut, Matrix dIn) {
    int width = context.shape.width();
    Matrix heads = projected.matrix(x.rows(), 3 * width);
    Matrix mixture = mixed.matrix(x.rows(), width);
    context.gemm.addTransposedLeft(mixture, dOut, context.gradients.get(out + ".weight"));
    context.kernels.addColumnSums(dOut, context.gradients.row(out + ".bias"));
    context.gemm.setTransposedRight(1, dOut, context.weights.get(out + ".weight"), dIn);
    Matrix dHeads = context.inner.matrix(x.rows(), 3 * width);
    for (int row = 0; row < context.batch.rows(); row++) {
      for (int head = 0; head < context.shape.heads() && context.batch.length(row) > 0; head++) {
        backward(row, head, heads, part(dIn, row, head, 0), dHeads);
      }
    }
    context.gemm.addTransposedLeft(x, dHeads, context.gradients.get(in + ".weight"));
    context.kernels.addColumnSums(dHeads, context.gradients.row(in + ".bias"));
    context.gemm.setTransposedRight(1, dHeads, context.weights.get(in + ".weight"), dIn);
  }

  private void backward(int row, int head, Matrix heads, Matrix dMixture, Matrix dHeads) {
    Matrix weights = weights(row, head);
    boolean drops = site().active();
    Matrix used = drops ? dropped(weights, row, head) : weights;
    Matrix values = part(heads, row, head, 2);
    context.gemm.setTransposedLeft(1, used, dMixture, part(dHeads, row, head, 2));
    Matrix scoreGradients =
        context.innermost.matrix(weights.rows(), weights.columns(), weights.stride());
    context.gemm.setTransposedRight(1, dMixture, values, scoreGradients);
    if (drops) {
      drop(scoreGradients, row, head);
    }
    context.kernels.softmaxBackward(weights, scoreGradients);
    context.gemm.set(
        scale(), scoreGradients, part(heads, row, head, 1), part(dHeads, row, head, 0));
    context.gemm.setTransposedLeft(
        scale(), scoreGradients, part(heads, row, head, 0), part(dHeads, row, head, 1));
  }

  /** Returns the weights, {@code [batch][head][query][key]}, 0 at padding. */
  float[][][][] traced() {
    TokenBatch batch = context.batch;
    int time = batch.time();
    float[][][][] result = new float[batch.rows()][context.shape.heads()][time][time];
    for (int row = 0; row < batch.rows(); row++) {
      int[] columns = batch.columns();
      int start = batch.start(row);
      for (int head = 0; head < context.shape.heads() && batch.length(row) > 0; head++) {
        Matrix weights = weights(row, head);
        for (int query = 0; query < weights.rows(); query++) {
          for (int key = 0; key < weights.columns(); key++) {
            result[row][head][columns[start + query]][columns[start + key]] =
                weights.get(query, key);
          }
        }
      }
    }
    return result;
  }
}
