package io.attune.neural.nd4j;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.nd4j.Nd4jGroups.Group;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Reciprocal;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes multi-head self-attention (Vaswani et al. 2017, 3.2) on packed tokens, which are padded
 * for the products of queries, keys and values, group by group: {@code [rows, heads, time,
 * headWidth]}, views of {@code [rows * time, 3 * width]}.
 */
final class Nd4jAttention implements Nd4jSublayer.Function {
  private final Nd4jContext context;
  private final EncoderShape shape;
  private final Nd4jGroups groups;
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
  private final GrowingArray scoreGradientSums;
  private final GrowingArray dMixed;
  private final GrowingArray dMixedCells;
  private INDArray input;

  Nd4jAttention(Nd4jContext context, int block, MemoryPool<GrowingArray> memory) {
    this.context = context;
    this.block = block;
    shape = context.shape;
    groups = context.batch.groups();
    in = EncoderLayout.attention(block) + ".in";
    out = EncoderLayout.attention(block) + ".out";
    projected = memory.get("attention.projected");
    cells = memory.get("attention.cells");
    attention = memory.get("attention.attention");
    factors = memory.get("attention.factors");
    used = memory.get("attention.used");
    mixedCells = memory.get("attention.mixedCells");
    mixed = memory.get("attention.mixed");
    scores = memory.get("attention.scores");
    sums = memory.get("attention.sums");
    scoreGradientSums = memory.get("attention.scoreGradientSums");
    dMixed = memory.get("attention.dMixed");
    dMixedCells = memory.get("attention.dMixedCells");
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
    groups.pad(projected, 3 * width, cells);
    mixedCells.array(groups.cells(), width);
    long kept = context.pass.keeps() ? groups.scores() : groups.mostScores();
    attention.array(kept);
    if (site().active()) {
      factors.array(kept);
      used.array(kept);
    }
    for (Group group : groups.all()) {
      attend(group);
    }
    context.dense(groups.pack(mixedCells, width, mixed), out, result);
  }

  /** Computes softmax(Q Kᵀ / sqrt(head width)) V: Vaswani et al. 2017, eq. 1. */
  private void attend(Group group) {
    INDArray weights = square(attention, group); // [rows, heads, query, key]
    INDArray scored = scores.array(weights.shape());
    Nd4jMath.productWithTransposed(scale(), part(cells, group, 0), part(cells, group, 1), scored);
    softmax(group, scored, weights);
    Nd4jMath.product(dropped(weights, group), part(cells, group, 2), byHead(mixedCells, group));
  }

  /**
   * Returns a group's scores or weights, {@code [rows, heads, time, time]}; all groups share one
   * array if nothing is kept.
   */
  private INDArray square(GrowingArray memory, Group group) {
    long first = context.pass.keeps() ? group.firstScore() : 0;
    return memory.view(first, group.size(), shape.heads(), group.time(), group.time());
  }

  /** Returns the queries (0), keys (1) or values (2) of a group's heads, a view. */
  private INDArray part(GrowingArray memory, Group group, int which) {
    long first = 3L * group.firstCell() * shape.width();
    return memory
        .view(first, group.size(), group.time(), 3, shape.heads(), shape.headWidth())
        .permute(2, 0, 3, 1, 4)
        .slice(which);
  }

  /** Returns a group's {@code [cells, width]} as {@code [rows, heads, time, headWidth]}, a view. */
  private INDArray byHead(GrowingArray memory, Group group) {
    long first = (long) group.firstCell() * shape.width();
    return memory
        .view(first, group.size(), group.time(), shape.heads(), shape.headWidth())
        .permute(0, 2, 1, 3);
  }

  /**
   * Computes the softmax over real keys.
   *
   * @param scored overwritten
   */
  private void softmax(Group group, INDArray scored, INDArray weights) {
    long time = group.time();
    long queries = scored.length() / time;
    INDArray byRow = scored.reshape(group.size(), shape.heads() * time, time);
    Nd4jMath.add(byRow, groups.mask(group), byRow);
    INDArray flat = scored.reshape(queries, time);
    Nd4jMath.largest(flat, sums.array(queries));
    flat.subiColumnVector(sums.array(queries, 1));
    INDArray result = weights.reshape(queries, time);
    Nd4jActivations.exp(flat, result);
    context.sumColumns(result, sums.array(1, queries));
    INDArray inverse = scores.array(queries, 1);
    Nd4j.getExecutioner().exec(new Reciprocal(sums.array(queries, 1), inverse));
    result.muliColumnVector(inverse);
  }

  private INDArray dropped(INDArray weights, Group group) {
    if (!site().active()) {
      return weights;
    }
    INDArray drawn = square(factors, group);
    groups.dropoutFactors(group, site(), shape, drawn);
    INDArray result = square(used, group);
    Nd4jMath.multiply(weights, drawn, result);
    return result;
  }

  @Override
  public void backward(INDArray dOut, INDArray dx) {
    int width = shape.width();
    INDArray packed = context.tokens(dMixed, width);
    context.denseBackward(context.tokens(mixed, width), out, dOut, packed);
    INDArray dMixture = groups.pad(dMixed, width, dMixedCells);
    sumScoreGradients(dMixture);
    projected.array(groups.cells(), 3L * width);
    for (Group group : groups.all()) {
      backward(group);
    }
    INDArray dProjected = groups.pack(projected, 3 * width, cells);
    context.denseBackward(input, in, dProjected, dx);
  }

  /**
   * Sums a da over keys for ds = a (da - sum(a da)), with the weights a: the sum equals that of m
   * dm over the head's columns, with the mixture m, and those are fewer.
   */
  private void sumScoreGradients(INDArray dMixture) {
    INDArray products = context.scratch.array(dMixture.shape());
    Nd4jMath.multiply(dMixture, mixedCells.array(groups.cells(), shape.width()), products);
    long values = (long) groups.cells() * shape.heads();
    context.sumColumns(
        products.reshape(values, shape.headWidth()), scoreGradientSums.array(1, values));
  }

  private void backward(Group group) {
    INDArray weights = square(attention, group);
    INDArray scoreGradients = scores.array(weights.shape());
    INDArray dMixture = byHead(dMixedCells, group);
    INDArray factored = site().active() ? square(used, group) : weights;
    Nd4jMath.productOfTransposed(factored, dMixture, part(projected, group, 2));
    Nd4jMath.productWithTransposed(dMixture, part(cells, group, 2), scoreGradients);
    if (site().active()) {
      scoreGradients.muli(square(factors, group));
    }
    INDArray byTime =
        scoreGradientSums.view(
            (long) group.firstCell() * shape.heads(), group.size(), group.time(), shape.heads());
    sums.array(group.size(), shape.heads(), group.time()).assign(byTime.permute(0, 2, 1));
    long queries = scoreGradients.length() / group.time();
    scoreGradients.reshape(queries, group.time()).subiColumnVector(sums.array(queries, 1));
    scoreGradients.muli(weights);
    Nd4jMath.product(scale(), scoreGradients, part(cells, group, 1), part(projected, group, 0));
    Nd4jMath.productOfTransposed(
        scale(), scoreGradients, part(cells, group, 0), part(projected, group, 1));
  }

  /** Returns the weights, {@code [batch][head][query][key]}, 0 at padding. */
  float[][][][] weights() {
    TokenBatch batch = groups.tokens();
    int time = batch.time();
    float[][][][] result = new float[batch.rows()][shape.heads()][time][time];
    for (Group group : groups.all()) {
      INDArray weights = square(attention, group);
      for (int i = 0; i < group.size(); i++) {
        for (int head = 0; head < shape.heads(); head++) {
          copy(weights.slice(i).slice(head), group.rows()[i], result[group.rows()[i]][head]);
        }
      }
    }
    return result;
  }

  private void copy(INDArray weights, int row, float[][] target) {
    TokenBatch batch = groups.tokens();
    int start = batch.start(row);
    for (int query = 0; query < batch.length(row); query++) {
      for (int key = 0; key < batch.length(row); key++) {
        target[batch.columns()[start + query]][batch.columns()[start + key]] =
            weights.getFloat(query, key);
      }
    }
  }
}
