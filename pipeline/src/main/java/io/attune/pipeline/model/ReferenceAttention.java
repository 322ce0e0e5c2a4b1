package io.attune.pipeline.model;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Multi-head self-attention (Vaswani et al. 2017, 3.2). */
final class ReferenceAttention implements ReferenceSublayer.Function {
  /** Added to the score of padding: far below any score, and no infinity to make a NaN of. */
  private static final double MASKED = -1e9;

  private final EncoderShape shape;
  private final Map<String, INDArray> weights;
  private final String name;
  private final PaddedBatch batch;
  private final INDArray factors;

  private INDArray input;
  private INDArray queries;
  private INDArray keys;
  private INDArray values;
  private INDArray attention;
  private INDArray context;

  ReferenceAttention(
      EncoderShape shape,
      Map<String, INDArray> weights,
      String name,
      PaddedBatch batch,
      Noise.Site site) {
    this.shape = shape;
    this.weights = weights;
    this.name = name;
    this.batch = batch;
    factors = site.active() ? batch.attentionFactors(site, shape) : null;
  }

  private double scale() {
    return 1 / Math.sqrt(shape.headWidth());
  }

  @Override
  public INDArray forward(INDArray x) {
    input = x;
    INDArray projected =
        x.mmul(weights.get(name + ".in.weight")).addiRowVector(weights.get(name + ".in.bias"));
    queries = heads(projected, 0); // [batch, heads, time, headWidth]
    keys = heads(projected, 1);
    values = heads(projected, 2);
    INDArray keyMask = batch.rowMask().reshape(batch.rows(), 1, 1, batch.time());
    INDArray scores = // [batch, heads, query, key]; Vaswani et al. 2017, eq. 1
        Nd4j.matmul(queries, keys, false, true, false).muli(scale());
    scores.addi(keyMask.rsub(1).muli(MASKED).broadcast(scores.shape()));
    attention = softmax(scores).muli(keyMask.broadcast(scores.shape()));
    context = merged(Nd4j.matmul(dropped(attention), values));
    return context
        .mmul(weights.get(name + ".out.weight"))
        .addiRowVector(weights.get(name + ".out.bias"));
  }

  private static INDArray softmax(INDArray scores) {
    INDArray shifted = scores.sub(scores.max(true, 3).broadcast(scores.shape()));
    INDArray exponents = org.nd4j.linalg.ops.transforms.Transforms.exp(shifted, false);
    return exponents.divi(exponents.sum(true, 3).broadcast(scores.shape()));
  }

  @Override
  public INDArray backward(INDArray dOut, Map<String, INDArray> gradients) {
    gradients.get(name + ".out.weight").addi(context.transpose().mmul(dOut));
    gradients.get(name + ".out.bias").addi(dOut.sum(true, 0));
    INDArray dContext = split(dOut.mmul(weights.get(name + ".out.weight").transpose()));
    INDArray dValues = Nd4j.matmul(dropped(attention), dContext, true, false, false);
    INDArray dAttention = dropped(Nd4j.matmul(dContext, values, false, true, false));
    INDArray rowSums = dAttention.mul(attention).sum(true, 3);
    INDArray dScores =
        dAttention.sub(rowSums.broadcast(dAttention.shape())).muli(attention).muli(scale());
    INDArray dQueries = Nd4j.matmul(dScores, keys);
    INDArray dKeys = Nd4j.matmul(dScores, queries, true, false, false);
    INDArray dProjected = Nd4j.concat(1, merged(dQueries), merged(dKeys), merged(dValues));
    gradients.get(name + ".in.weight").addi(input.transpose().mmul(dProjected));
    gradients.get(name + ".in.bias").addi(dProjected.sum(true, 0));
    return dProjected.mmul(weights.get(name + ".in.weight").transpose());
  }

  private INDArray dropped(INDArray weights) {
    return factors == null ? weights : weights.mul(factors);
  }

  /** Queries, keys or values of all heads from {@code [batch * time, 3 * width]}. */
  private INDArray heads(INDArray projected, int which) {
    int from = which * shape.width();
    return split(
        projected.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + shape.width())));
  }

  /** {@code [batch * time, width]} to {@code [batch, heads, time, headWidth]}. */
  private INDArray split(INDArray x) {
    return x.dup('c')
        .reshape(batch.rows(), batch.time(), shape.heads(), shape.headWidth())
        .permute(0, 2, 1, 3)
        .dup('c');
  }

  /** {@code [batch, heads, time, headWidth]} to {@code [batch * time, width]}. */
  private INDArray merged(INDArray x) {
    return x.permute(0, 2, 1, 3)
        .dup('c')
        .reshape((long) batch.rows() * batch.time(), shape.width());
  }

  /** {@code [batch][head][query][key]}; queries at padding have no weights. */
  float[][][][] weights() {
    float[][][][] result = new float[batch.rows()][shape.heads()][batch.time()][batch.time()];
    for (int row = 0; row < batch.rows(); row++) {
      for (int query = 0; query < batch.time(); query++) {
        boolean real = batch.mask().getDouble((long) row * batch.time() + query) == 1;
        for (int head = 0; real && head < shape.heads(); head++) {
          for (int key = 0; key < batch.time(); key++) {
            result[row][head][query][key] = attention.getFloat(row, head, query, key);
          }
        }
      }
    }
    return result;
  }
}
