package io.attune.pipeline.model;

import io.attune.pipeline.model.ModelConfig.Pooling;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** From the vectors of a row's tokens to one: a mean with weights that sum to 1. */
final class ReferencePooling {
  /** See {@link ReferenceAttention}: far below any score. */
  private static final double MASKED = -1e9;

  private final Pooling kind;
  private final Map<String, INDArray> weights;
  private final PaddedBatch batch;

  private INDArray input;
  private INDArray hidden;
  private INDArray attention;

  ReferencePooling(Pooling kind, Map<String, INDArray> weights, PaddedBatch batch) {
    this.kind = kind;
    this.weights = weights;
    this.batch = batch;
  }

  /** {@code [batch * time, width]} to {@code [batch, width]}. */
  INDArray forward(INDArray x) {
    input = x;
    attention =
        switch (kind) {
          case ATTENTION -> attend(x);
          case MEAN -> mean();
          case FIRST -> first();
        };
    INDArray weighted = x.mulColumnVector(attention.reshape(attention.length(), 1));
    return weighted.reshape(batch.rows(), batch.time(), x.size(1)).sum(1);
  }

  /** softmax(tanh(x W + b) q) over each row's real tokens (Yang et al. 2016, eqs. 5 and 6). */
  private INDArray attend(INDArray x) {
    INDArray projected =
        x.mmul(weights.get(EncoderLayout.POOLING + ".weight"))
            .addiRowVector(weights.get(EncoderLayout.POOLING + ".bias"));
    hidden = Transforms.tanh(projected, false); // [batch * time, width]
    INDArray scores =
        hidden.mmul(weights.get(EncoderLayout.QUERY)).reshape(batch.rows(), batch.time());
    scores.addi(batch.rowMask().rsub(1).muli(MASKED));
    scores.subiColumnVector(scores.max(true, 1));
    INDArray exponents = Transforms.exp(scores, false);
    return exponents.diviColumnVector(exponents.sum(true, 1)).muli(batch.rowMask());
  }

  private INDArray mean() {
    INDArray counts = Transforms.max(batch.rowMask().sum(true, 1), 1);
    return batch.rowMask().divColumnVector(counts);
  }

  private INDArray first() {
    INDArray result = Nd4j.zerosLike(batch.rowMask());
    for (int row = 0; row < batch.rows(); row++) {
      if (batch.tokens().length(row) > 0) {
        result.putScalar(row, batch.tokens().columns()[batch.tokens().start(row)], 1);
      }
    }
    return result;
  }

  /** Gradient by the tokens' vectors, {@code [batch * time, width]}. */
  INDArray backward(INDArray dPooled, Map<String, INDArray> gradients) {
    long width = dPooled.size(1);
    INDArray spread = // dPooled of the row of each token, [batch * time, width]
        dPooled
            .dup('c')
            .reshape(batch.rows(), 1, width)
            .broadcast(batch.rows(), batch.time(), width)
            .reshape(input.size(0), width);
    INDArray dx = spread.mulColumnVector(attention.reshape(attention.length(), 1));
    if (kind == Pooling.ATTENTION) {
      dx.addi(backwardAttention(spread, gradients));
    }
    return dx;
  }

  private INDArray backwardAttention(INDArray spread, Map<String, INDArray> gradients) {
    INDArray dAttention = spread.mul(input).sum(1).reshape(batch.rows(), batch.time());
    INDArray rowSums = dAttention.mul(attention).sum(true, 1);
    INDArray dScores = dAttention.subColumnVector(rowSums).muli(attention);
    INDArray dScoreColumn = dScores.dup('c').reshape(dScores.length(), 1);
    gradients.get(EncoderLayout.QUERY).addi(hidden.transpose().mmul(dScoreColumn));
    INDArray dHidden = dScoreColumn.mmul(weights.get(EncoderLayout.QUERY).transpose());
    INDArray dProjected = dHidden.muli(hidden.mul(hidden).rsubi(1));
    gradients.get(EncoderLayout.POOLING + ".weight").addi(input.transpose().mmul(dProjected));
    gradients.get(EncoderLayout.POOLING + ".bias").addi(dProjected.sum(true, 0));
    return dProjected.mmul(weights.get(EncoderLayout.POOLING + ".weight").transpose());
  }

  /** {@code [batch][time]}. */
  float[][] weights() {
    return attention.castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT).toFloatMatrix();
  }
}
