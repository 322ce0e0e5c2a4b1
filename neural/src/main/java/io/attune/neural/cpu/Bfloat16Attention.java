package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;
import io.attune.neural.onednn.Operand;
import io.attune.neural.onednn.Product;
import io.attune.neural.onednn.Product.After;
import io.attune.neural.onednn.Type;

/**
 * Computes multi-head self-attention with products in bfloat16, on packed tokens that lie as in
 * {@link CpuAttention}. Queries, keys, values, weights and their mixture are kept in bfloat16; the
 * softmax is computed in floats, of so many heads at a time that their scores stay in the cache.
 */
final class Bfloat16Attention implements CpuSublayer.Attention {
  /** Limits the scores that are computed at a time, in floats: a part of the second cache. */
  private static final int SCORES = 1 << 17;

  private final CpuContext context;
  private final Bfloat16 bfloat16;
  private final OneDnn oneDnn;
  private final Bfloat16Dense in;
  private final Bfloat16Dense out;
  private final CpuAttention withDropout;
  private final int block;
  private final Floats projected;
  private final Floats attention;
  private final Floats mixed;

  /** Holds where the weights of each row start, in values; all at 0 if nothing is kept. */
  private long[] starts = new long[0];

  Bfloat16Attention(CpuContext context, int block, MemoryPool<Floats> memory) {
    this.context = context;
    this.block = block;
    bfloat16 = context.bfloat16;
    oneDnn = bfloat16.oneDnn;
    in = new Bfloat16Dense(context, EncoderLayout.attention(block) + ".in");
    out = new Bfloat16Dense(context, EncoderLayout.attention(block) + ".out");
    projected = memory.get("projected");
    attention = memory.get("attention");
    mixed = memory.get("mixed");
    withDropout = new CpuAttention(context, block, memory, in, out);
  }

  private boolean drops() {
    return context.pass.noise().attention(block).active();
  }

  private float scale() {
    return (float) (1 / Math.sqrt(headWidth()));
  }

  private int headWidth() {
    return context.shape.headWidth();
  }

  private int width() {
    return context.shape.width();
  }

  private int height(int row) {
    return context.padded(context.batch.length(row));
  }

  /** Returns the heads whose scores are computed at a time: a divisor of their number. */
  private int together(int height) {
    int heads = context.shape.heads();
    int most = Math.max(1, SCORES / (height * height));
    int count = Math.min(heads, most);
    while (heads % count != 0) {
      count--;
    }
    return count;
  }

  private static long bytes(long values) {
    return values * Short.BYTES;
  }

  /** Describes queries, keys, values, or the gradient of one of them, of neighbouring heads. */
  private Operand ofHeads() {
    return Operand.byRows(Type.BFLOAT16, 3 * width()).every(headWidth());
  }

  private Operand ofHeadsTransposed() {
    return Operand.transposed(Type.BFLOAT16, 3 * width()).every(headWidth());
  }

  /** Describes the mixture of values, or its gradient, of neighbouring heads. */
  private Operand ofMixture() {
    return Operand.byRows(Type.BFLOAT16, width()).every(headWidth());
  }

  private static Operand square(Type type, int height) {
    return Operand.byRows(type, height).every(height * height);
  }

  private static Operand squareTransposed(int height) {
    return Operand.transposed(Type.BFLOAT16, height).every(height * height);
  }

  /**
   * Names some heads of a row by addresses.
   *
   * @param height length of the row, rounded up to whole vectors
   * @param count heads
   * @param queries of the first; keys and values of a token lie behind its queries
   * @param mixture of the first
   * @param weights of the first
   */
  private record Group(
      int row, int height, int count, long queries, long mixture, long weights, int width) {
    long keys() {
      return queries + bytes(width);
    }

    long values() {
      return queries + bytes(2L * width);
    }
  }

  private Group group(int row, int head, int count, long heads, long mixture, long weights) {
    int start = context.batch.start(row);
    int height = height(row);
    long column = (long) head * headWidth();
    return new Group(
        row,
        height,
        count,
        heads + bytes(3L * width() * start + column),
        mixture + bytes((long) width() * start + column),
        weights + bytes(starts[row] + (context.pass.keeps() ? (long) head * height * height : 0)),
        width());
  }

  @Override
  public void addTo(Matrix x, Matrix residual, Matrix result) {
    if (drops()) {
      withDropout.addTo(x, residual, result);
      return;
    }
    long heads = followedByZeros(projected, x.rows(), 3 * width());
    in.forward(x, heads);
    long mixture = followedByZeros(mixed, x.rows(), width());
    long weights = reserveWeights();
    for (int row = 0; row < context.batch.rows(); row++) {
      if (context.batch.length(row) > 0) {
        int together = together(height(row));
        for (int head = 0; head < context.shape.heads(); head += together) {
          attend(group(row, head, together, heads, mixture, weights));
        }
      }
    }
    out.forwardOnto(mixture, residual, result);
  }

  private long followedByZeros(Floats memory, int rows, int columns) {
    int slack = context.kernels.lanes() - 1;
    long address = Bfloat16.reserve(memory, (long) (rows + slack) * columns);
    Bfloat16.clear(address + bytes((long) rows * columns), (long) slack * columns);
    return address;
  }

  private long reserveWeights() {
    int rows = context.batch.rows();
    if (starts.length < rows) {
      starts = new long[rows];
    }
    long next = 0;
    long most = 0;
    for (int row = 0; row < rows; row++) {
      long square = (long) height(row) * height(row);
      starts[row] = context.pass.keeps() ? next : 0;
      next += context.shape.heads() * square;
      most = Math.max(most, context.batch.length(row) == 0 ? 0 : together(height(row)) * square);
    }
    return Bfloat16.reserve(attention, context.pass.keeps() ? next : most);
  }

  /**
   * Computes softmax(Q Kᵀ / sqrt(head width)) V of some heads of a row: Vaswani et al. 2017, eq. 1.
   * Products reach into the next row, as in {@link CpuAttention}.
   */
  private void attend(Group group) {
    int height = group.height();
    Matrix scores = scores(context.scores, group);
    oneDnn
        .product(
            Product.of(height, headWidth(), height)
                .times(group.count())
                .left(ofHeads())
                .right(ofHeadsTransposed())
                .result(square(Type.FLOAT32, height))
                .scaled(scale()))
        .run(group.queries(), group.keys(), scores.address());
    context.kernels.softmax(scores);
    convert(group, Type.FLOAT32, scores.address(), Type.BFLOAT16, group.weights());
    oneDnn
        .product(
            Product.of(height, height, headWidth())
                .times(group.count())
                .left(square(Type.BFLOAT16, height))
                .right(ofHeads())
                .result(ofMixture()))
        .run(group.weights(), group.values(), group.mixture());
  }

  /** Returns the squares of a group as one matrix, with as many columns as the row has tokens. */
  private Matrix scores(Floats memory, Group group) {
    int rows = group.count() * group.height();
    memory.ensure((long) rows * group.height());
    return new Matrix(memory, 0, rows, context.batch.length(group.row()), group.height());
  }

  private void convert(Group group, Type from, long source, Type to, long target) {
    int height = group.height();
    oneDnn
        .convert(
            group.count() * height,
            height,
            Operand.byRows(from, height),
            Operand.byRows(to, height))
        .run(source, target);
  }

  @Override
  public void backward(Matrix x, Matrix dOut, Matrix dIn) {
    if (drops()) {
      withDropout.backward(x, dOut, dIn);
      return;
    }
    long dMixture = backwardOfOut(dOut);
    long dHeads = followedByZeros(context.inner, x.rows(), 3 * width());
    long weights = attention.address();
    for (int row = 0; row < context.batch.rows(); row++) {
      if (context.batch.length(row) > 0) {
        int together = together(height(row));
        for (int head = 0; head < context.shape.heads(); head += together) {
          backward(
              group(row, head, together, projected.address(), dMixture, weights),
              group(row, head, together, dHeads, dMixture, weights));
        }
      }
    }
    backwardOfIn(x, dHeads, dIn);
  }

  /** Returns the address of the gradient with respect to the mixture. */
  private long backwardOfOut(Matrix dOut) {
    long dMixture = followedByZeros(context.dMixture, dOut.rows(), width());
    out.addBiasGradient(dOut);
    int count;
    for (int from = 0; from < dOut.rows(); from += count) {
      count = Bfloat16.piece(dOut.rows() - from);
      long place = bytes((long) width() * from);
      long right = bfloat16.convert(dOut.rows(from, count), context.rightFactor);
      After after = Bfloat16Dense.afterFirst(from);
      out.sumWeightGradient(mixed.address() + place, right, count, context.weightGradient, after);
      out.inputGradient(right, count, dMixture + place);
    }
    out.writeWeightGradient(context.weightGradient);
    return dMixture;
  }

  private void backwardOfIn(Matrix x, long dHeads, Matrix dIn) {
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = Bfloat16.piece(x.rows() - from);
      long right = dHeads + bytes(3L * width() * from);
      in.addBiasGradient(right, count);
      long left = bfloat16.convert(x.rows(from, count), context.leftFactor);
      After after = Bfloat16Dense.afterFirst(from);
      in.sumWeightGradient(left, right, count, context.weightGradient, after);
      in.inputGradient(right, dIn.rows(from, count));
    }
    in.writeWeightGradient(context.weightGradient);
  }

  /**
   * Computes the gradients with respect to queries, keys and values.
   *
   * @param group with the gradient of its mixture in place of the mixture
   * @param gradient of the group
   */
  private void backward(Group group, Group gradient) {
    int height = group.height();
    Product ofSquare =
        Product.of(height, height, headWidth())
            .times(group.count())
            .left(square(Type.BFLOAT16, height))
            .result(ofHeads());
    oneDnn
        .product(ofSquare.left(squareTransposed(height)).right(ofMixture()))
        .run(group.weights(), group.mixture(), gradient.values());
    Matrix dScores = scores(context.innermost, group);
    oneDnn
        .product(
            Product.of(height, headWidth(), height)
                .times(group.count())
                .left(ofMixture())
                .right(ofHeadsTransposed())
                .result(square(Type.FLOAT32, height)))
        .run(group.mixture(), group.values(), dScores.address());
    Matrix weights = scores(context.scores, group);
    convert(group, Type.BFLOAT16, group.weights(), Type.FLOAT32, weights.address());
    context.kernels.softmaxBackward(weights, dScores);
    long factor = Bfloat16.reserve(context.rightFactor, (long) group.count() * height * height);
    convert(group, Type.FLOAT32, dScores.address(), Type.BFLOAT16, factor);
    oneDnn
        .product(ofSquare.right(ofHeads()).scaled(scale()))
        .run(factor, group.keys(), gradient.queries());
    oneDnn
        .product(ofSquare.left(squareTransposed(height)).right(ofHeads()).scaled(scale()))
        .run(factor, group.queries(), gradient.keys());
  }

  @Override
  public float[][][][] traced() {
    if (drops()) {
      return withDropout.traced();
    }
    return CpuAttention.traced(
        context,
        (row, head, query, key) -> {
          long height = height(row);
          long index = starts[row] + (head * height + query) * height + key;
          return Bfloat16.get(attention, index);
        });
  }
}
