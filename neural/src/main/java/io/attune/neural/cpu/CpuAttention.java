package io.attune.neural.cpu;

import io.attune.neural.cpu.Gemm.Form;
import io.attune.neural.cpu.Gemm.Matrices;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;

/**
 * Computes multi-head self-attention (Vaswani et al. 2017, 3.2) on packed tokens. Queries, keys and
 * values of a token are adjacent, {@code [tokens, 3 * width]}, and so are the heads in each: BLAS
 * reads them in place.
 */
final class CpuAttention implements CpuSublayer.Attention {
  private final CpuContext context;
  private final CpuDense in;
  private final CpuDense out;
  private final int block;
  private final Floats projected;
  private final Floats attention;
  private final Floats mixed;
  private final Floats masked;
  private int[] starts = new int[0];

  CpuAttention(CpuContext context, int block, MemoryPool<Floats> memory) {
    this(
        context,
        block,
        memory,
        context.dense(EncoderLayout.attention(block) + ".in"),
        context.dense(EncoderLayout.attention(block) + ".out"));
  }

  CpuAttention(
      CpuContext context, int block, MemoryPool<Floats> memory, CpuDense in, CpuDense out) {
    this.context = context;
    this.block = block;
    this.in = in;
    this.out = out;
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
  public void addTo(Matrix x, Matrix residual, Matrix result) {
    int width = context.shape.width();
    Matrix heads = context.followedByZeros(projected, x.rows(), 3 * width);
    in.forward(x, heads);
    Matrix mixture = context.followedByZeros(mixed, x.rows(), width);
    reserveWeights();
    for (int row = 0; row < context.batch.rows(); row++) {
      if (context.batch.length(row) > 0) {
        attend(row, heads, mixture);
      }
    }
    out.forwardOnto(mixture, residual, result);
  }

  /**
   * Computes softmax(Q Kᵀ / sqrt(head width)) V for all heads of one row: Vaswani et al. 2017, eq.
   * 1.
   *
   * <p>All products are of whole vectors of rows, and reach into the next row of the batch: keys
   * there get the weight 0, and results there are overwritten when its turn comes.
   */
  private void attend(int row, Matrix heads, Matrix mixture) {
    Matrices weights = weights(row);
    context.gemm.multiplyEach(
        Form.RIGHT_TRANSPOSED, scale(), part(heads, row, 0), part(heads, row, 1), weights);
    context.kernels.softmax(scores(weights, row));
    Matrices used = site().active() ? dropped(weights, row) : weights;
    context.gemm.multiplyEach(Form.PLAIN, 1, used, part(heads, row, 2), part(mixture, row, 0));
  }

  /** Returns the length of a row, rounded up to whole vectors. */
  private int height(int row) {
    return context.padded(context.batch.length(row));
  }

  /**
   * Returns the queries (0), keys (1) or values (2) of the heads of one row: {@code [height,
   * headWidth]} each.
   */
  private Matrices part(Matrix heads, int row, int which) {
    int headWidth = context.shape.headWidth();
    Matrix first =
        heads
            .rows(context.batch.start(row), height(row))
            .slice(which * context.shape.width(), headWidth);
    return new Matrices(first, context.shape.heads(), headWidth);
  }

  private void reserveWeights() {
    int rows = context.batch.rows();
    if (starts.length < rows) {
      starts = new int[rows];
    }
    long next = 0; // All rows share the memory if nothing is kept.
    long most = 0;
    for (int row = 0; row < rows; row++) {
      starts[row] = context.pass.keeps() ? (int) Math.min(next, Floats.MAX_LENGTH) : 0;
      long floats = (long) context.shape.heads() * height(row) * height(row);
      next += floats;
      most = Math.max(most, floats);
    }
    attention.ensure(context.pass.keeps() ? next : most);
  }

  /** Returns the weights of the heads of one row: {@code [height, height]} each. */
  private Matrices weights(int row) {
    return squares(attention, starts[row], row);
  }

  private Matrices squares(Floats memory, int offset, int row) {
    int height = height(row);
    Matrix first = new Matrix(memory, offset, height, height, height);
    return new Matrices(first, context.shape.heads(), height * height);
  }

  /** Returns the matrices of all heads as one, with as many columns as the row has tokens. */
  private Matrix scores(Matrices squares, int row) {
    Matrix first = squares.first();
    return new Matrix(
        first.data(),
        first.offset(),
        squares.count() * first.rows(),
        context.batch.length(row),
        first.stride());
  }

  private Matrices dropped(Matrices weights, int row) {
    masked.ensure((long) weights.count() * weights.step());
    Matrices copy = squares(masked, 0, row);
    all(weights).copyTo(all(copy));
    drop(copy, row);
    return copy;
  }

  private static Matrix all(Matrices squares) {
    Matrix first = squares.first();
    return new Matrix(
        first.data(),
        first.offset(),
        squares.count() * first.rows(),
        first.columns(),
        first.stride());
  }

  private void drop(Matrices weights, int row) {
    int max = context.shape.maxTokens();
    Noise.Site site = site();
    for (int head = 0; head < weights.count(); head++) {
      int matrix = row * context.shape.heads() + head;
      for (int query = 0; query < context.batch.length(row); query++) {
        context.kernels.drop(weights.get(head), query, (matrix * max + query) * max, site);
      }
    }
  }

  @Override
  public void backward(Matrix x, Matrix dOut, Matrix dIn) {
    int width = context.shape.width();
    Matrix heads = projected.matrix(x.rows(), 3 * width);
    Matrix mixture = mixed.matrix(x.rows(), width);
    Matrix dMixture = context.followedByZeros(context.dMixture, x.rows(), width);
    out.backward(mixture, dOut, dMixture);
    Matrix dHeads = context.followedByZeros(context.inner, x.rows(), 3 * width);
    for (int row = 0; row < context.batch.rows(); row++) {
      if (context.batch.length(row) > 0) {
        backward(row, heads, dMixture, dHeads);
      }
    }
    in.backward(x, dHeads, dIn);
  }

  private void backward(int row, Matrix heads, Matrix dMixture, Matrix dHeads) {
    Matrices weights = weights(row);
    boolean drops = site().active();
    Matrices used = drops ? dropped(weights, row) : weights;
    Matrices gradient = part(dMixture, row, 0);
    context.gemm.multiplyEach(Form.LEFT_TRANSPOSED, 1, used, gradient, part(dHeads, row, 2));
    context.innermost.ensure((long) weights.count() * weights.step());
    Matrices dScores = squares(context.innermost, 0, row);
    context.gemm.multiplyEach(Form.RIGHT_TRANSPOSED, 1, gradient, part(heads, row, 2), dScores);
    if (drops) {
      drop(dScores, row);
    }
    context.kernels.softmaxBackward(scores(weights, row), scores(dScores, row));
    context.gemm.multiplyEach(
        Form.PLAIN, scale(), dScores, part(heads, row, 1), part(dHeads, row, 0));
    context.gemm.multiplyEach(
        Form.LEFT_TRANSPOSED, scale(), dScores, part(heads, row, 0), part(dHeads, row, 1));
  }

  @Override
  public float[][][][] traced() {
    return traced(context, (row, head, query, key) -> weights(row).get(head).get(query, key));
  }

  /** Returns the weight that a query gives a key. */
  interface Weights {
    float of(int row, int head, int query, int key);
  }

  /** Returns the weights of a batch, {@code [batch][head][query][key]}, 0 at padding. */
  static float[][][][] traced(CpuContext context, Weights weights) {
    TokenBatch batch = context.batch;
    int heads = context.shape.heads();
    int time = batch.time();
    float[][][][] result = new float[batch.rows()][heads][time][time];
    for (int row = 0; row < batch.rows(); row++) {
      int[] columns = batch.columns();
      int start = batch.start(row);
      for (int head = 0; head < heads; head++) {
        for (int query = 0; query < batch.length(row); query++) {
          for (int key = 0; key < batch.length(row); key++) {
            result[row][head][columns[start + query]][columns[start + key]] =
                weights.of(row, head, query, key);
          }
        }
      }
    }
    return result;
  }
}
