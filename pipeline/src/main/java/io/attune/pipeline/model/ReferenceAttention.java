package io.attune.pipeline.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Reciprocal;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Multi-head self-attention (Vaswani et al. 2017, 3.2) on packed tokens, which are padded for the
 * products of queries, keys and values: {@code [rows, heads, time, headWidth]}, views of {@code
 * [rows * time, 3 * width]}.
 */
final class ReferenceAttention implements ReferenceSublayer.Function {
  /** Added to the score of padding: far below any score, and no infinity to make a NaN of. */
  private static final double MASKED = -1e9;

  private final ReferenceContext context;
  private final EncoderShape shape;
  private final int block;
  private final String in;
  private final String out;
  private final GrowingArray projected;
  private final GrowingArray cells;
  private final GrowingArray attention;
  private final GrowingArray factors;
  private final GrowingArray used;
  private final GrowingArray mixedCells;
  private final GrowingArray mixed;
  private final GrowingArray scores;
  private final GrowingArray sums;
  private final GrowingArray padding;
  private final GrowingArray dMixed;
  private INDArray input;

  ReferenceAttention(ReferenceContext context, int block) {
    this.context = context;
    this.block = block;
    shape = context.shape;
    in = EncoderLayout.attention(block) + ".in";
    out = EncoderLayout.attention(block) + ".out";
    projected = context.memory();
    cells = context.memory();
    attention = context.memory();
    factors = context.memory();
    used = context.memory();
    mixedCells = context.memory();
    mixed = context.memory();
    scores = context.memory();
    sums = context.memory();
    padding = context.memory();
    dMixed = context.memory();
  }

  private Noise.Site site() {
    return context.pass.noise().attention(block);
  }

  private double scale() {
    return 1 / Math.sqrt(shape.headWidth());
  }

  @Override
  public void forward(INDArray x, INDArray result) {
    input = x;
    int width = shape.width();
    context.dense(x, in, context.tokens(projected, 3 * width));
    INDArray heads = context.batch.pad(projected, 3 * width, cells);
    INDArray weights = square(attention); // [rows, heads, query, key]
    INDArray scored = square(scores);
    // softmax(Q Kᵀ / sqrt(head width)) V: Vaswani et al. 2017, eq. 1.
    ReferenceMath.productWithTransposed(scale(), part(heads, 0), part(heads, 1), scored);
    softmax(scored, weights);
    INDArray mixture = mixedCells.array(context.batch.cells(), width);
    ReferenceMath.product(dropped(weights), part(heads, 2), byHead(mixture));
    context.dense(context.batch.pack(mixedCells, width, mixed), out, result);
  }

  /** {@code [rows, heads, time, time]}. */
  private INDArray square(GrowingArray memory) {
    int time = context.batch.time();
    return memory.array(context.batch.rows(), shape.heads(), time, time);
  }

  /** Queries (0), keys (1) or values (2) of all heads, a view. */
  private INDArray part(INDArray heads, int which) {
    return heads
        .reshape(context.batch.rows(), context.batch.time(), 3, shape.heads(), shape.headWidth())
        .permute(2, 0, 3, 1, 4)
        .slice(which);
  }

  /** {@code [cells, width]} as {@code [rows, heads, time, headWidth]}, a view. */
  private INDArray byHead(INDArray x) {
    return x.reshape(context.batch.rows(), context.batch.time(), shape.heads(), shape.headWidth())
        .permute(0, 2, 1, 3);
  }

  /**
   * Over real keys.
   *
   * @param scored overwritten
   */
  private void softmax(INDArray scored, INDArray weights) {
    int rows = context.batch.rows();
    int time = context.batch.time();
    INDArray mask = padding.array(rows, 1, time);
    mask.assign(context.batch.cellMask().reshape(rows, 1, time));
    mask.rsubi(1).muli(MASKED);
    INDArray byRow = scored.reshape(rows, (long) shape.heads() * time, time);
    ReferenceMath.add(byRow, mask, byRow);
    long queries = (long) rows * shape.heads() * time;
    INDArray flat = scored.reshape(queries, time);
    ReferenceMath.largest(flat, sums.array(queries));
    flat.subiColumnVector(sums.array(queries, 1));
    INDArray result = weights.reshape(queries, time);
    context.curves.exp(flat, result);
    context.sumColumns(result, sums.array(1, queries));
    INDArray inverse = scores.array(queries, 1);
    Nd4j.getExecutioner().exec(new Reciprocal(sums.array(queries, 1), inverse));
    result.muliColumnVector(inverse);
  }

  private INDArray dropped(INDArray weights) {
    if (!site().active()) {
      return weights;
    }
    INDArray drawn = square(factors);
    context.batch.attentionFactors(site(), shape, drawn);
    INDArray result = square(used);
    ReferenceMath.multiply(weights, drawn, result);
    return result;
  }

  @Override
  public void backward(INDArray dOut, INDArray dx) {
    int width = shape.width();
    INDArray packed = context.tokens(dMixed, width);
    context.denseBackward(context.tokens(mixed, width), out, dOut, packed);
    INDArray dMixture = context.batch.pad(dMixed, width, context.scratch);
    INDArray heads = cells.array(context.batch.cells(), 3L * width);
    INDArray dHeads = projected.array(context.batch.cells(), 3L * width);
    INDArray weights = square(attention);
    INDArray slopes = square(scores);
    INDArray factored = site().active() ? square(used) : weights;
    ReferenceMath.productOfTransposed(factored, byHead(dMixture), part(dHeads, 2));
    ReferenceMath.productWithTransposed(byHead(dMixture), part(heads, 2), slopes);
    if (site().active()) {
      slopes.muli(square(factors));
    }
    softmaxBackward(weights, dMixture, slopes);
    ReferenceMath.product(scale(), slopes, part(heads, 1), part(dHeads, 0));
    ReferenceMath.productOfTransposed(scale(), slopes, part(heads, 0), part(dHeads, 1));
    INDArray dProjected = context.batch.pack(projected, 3 * width, cells);
    context.denseBackward(input, in, dProjected, dx);
  }

  /**
   * With a the weights and m what they mix: ds = a (da - sum(a da)), and that sum over keys is the
   * sum of m dm over the head's columns, of which there are fewer.
   *
   * @param dMixture overwritten
   */
  private void softmaxBackward(INDArray weights, INDArray dMixture, INDArray slopes) {
    int rows = context.batch.rows();
    int time = context.batch.time();
    long queries = (long) rows * shape.heads() * time;
    dMixture.muli(mixedCells.array(context.batch.cells(), shape.width()));
    context.sumColumns(dMixture.reshape(queries, shape.headWidth()), sums.array(1, queries));
    INDArray bySequence = sums.array(rows, time, shape.heads());
    INDArray byHead = padding.array(rows, shape.heads(), time);
    byHead.assign(bySequence.permute(0, 2, 1));
    INDArray flat = slopes.reshape(queries, time);
    flat.subiColumnVector(padding.array(queries, 1));
    slopes.muli(weights);
  }

  /** {@code [batch][head][query][key]}, 0 at padding. */
  float[][][][] weights() {
    TokenBatch batch = context.batch.tokens();
    int time = batch.time();
    float[][][][] result = new float[batch.rows()][shape.heads()][time][time];
    INDArray weights = square(attention);
    for (int row = 0; row < batch.rows(); row++) {
      int start = batch.start(row);
      for (int head = 0; head < shape.heads(); head++) {
        for (int query = 0; query < batch.length(row); query++) {
          for (int key = 0; key < batch.length(row); key++) {
            result[row][head][batch.columns()[start + query]][batch.columns()[start + key]] =
                weights.getFloat(row, head, query, key);
          }
        }
      }
    }
    return result;
  }
}
