package io.attune.neural.nd4j;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.TokenBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Pools the vectors of each row's tokens into one: a mean with weights that sum to 1. */
final class Nd4jPooling {
  /** Holds the value added to the score of padding: far below any score. */
  private static final double MASKED = -1e9;

  private final Nd4jContext context;
  private final GrowingArray padded;
  private final GrowingArray hidden;
  private final GrowingArray scores;
  private final GrowingArray weights;
  private final GrowingArray weightsOfTokens;
  private final GrowingArray scoreGradients;
  private final GrowingArray dHidden;
  private INDArray input;

  Nd4jPooling(Nd4jContext context) {
    this.context = context;
    padded = context.memory();
    hidden = context.memory();
    scores = context.memory();
    weights = context.memory();
    weightsOfTokens = context.memory();
    scoreGradients = context.memory();
    dHidden = context.memory();
  }

  private boolean attends() {
    return context.shape.pooling() == Pooling.ATTENTION;
  }

  /**
   * Pools {@code [tokens, width]} into {@code [rows, width]}.
   *
   * @param memory of {@code x}
   */
  void forward(INDArray x, GrowingArray memory, INDArray pooled) {
    input = x;
    int rows = context.batch.rows();
    int time = context.batch.time();
    int width = context.shape.width();
    switch (context.shape.pooling()) {
      case ATTENTION -> attend(x);
      case MEAN -> mean();
      case FIRST -> first();
    }
    INDArray cells = context.batch.pad(memory, width, padded);
    Nd4jMath.product(
        weights.array(rows, 1, time),
        cells.reshape(rows, time, width),
        pooled.reshape(rows, 1, width));
  }

  /**
   * Computes softmax(tanh(x W + b) q) over each row's real tokens (Yang et al. 2016, eqs. 5 and 6).
   */
  private void attend(INDArray x) {
    INDArray active = hidden.array(x.shape());
    context.dense(x, EncoderLayout.POOLING, active);
    context.activations.tanh(active);
    INDArray query = context.weights.get(EncoderLayout.QUERY).reshape(1, x.size(1));
    Nd4jMath.productWithTransposed(query, active, scores.array(1, x.size(0)));
    context.batch.pad(scores, 1, weights);
    softmax(weights.array(context.batch.rows(), context.batch.time()));
  }

  private void softmax(INDArray values) {
    INDArray mask = context.batch.cellMask();
    values.addi(mask.rsub(1).muli(MASKED));
    values.subiColumnVector(values.max(true, 1));
    Transforms.exp(values, false);
    values.diviColumnVector(values.sum(true, 1)).muli(mask);
  }

  private void mean() {
    INDArray mask = context.batch.cellMask();
    INDArray values = weights.array(mask.shape());
    values.assign(mask);
    values.diviColumnVector(Transforms.max(mask.sum(true, 1), 1));
  }

  private void first() {
    TokenBatch batch = context.batch.tokens();
    float[] marks = new float[context.batch.cells()];
    for (int row = 0; row < batch.rows(); row++) {
      marks[row * context.batch.time()] = batch.length(row) > 0 ? 1 : 0;
    }
    Nd4jMath.copy(marks, weights.array(context.batch.rows(), context.batch.time()));
  }

  /**
   * Computes the gradient with respect to the tokens' vectors.
   *
   * @param dx {@code [tokens, width]}; written
   */
  void backward(INDArray dPooled, INDArray dx) {
    INDArray byToken = context.tokens(context.scratch, context.shape.width());
    context.batch.expandRows(dPooled, byToken);
    INDArray tokenWeights = context.batch.pack(weights, 1, weightsOfTokens);
    Nd4jMath.multiply(byToken, tokenWeights, dx);
    if (attends()) {
      byToken.muli(input);
      context.sumColumns(byToken, scoreGradients.array(1, context.batch.count()));
      context.batch.pad(scoreGradients, 1, scores);
      softmaxBackward();
      backwardScores(context.batch.pack(scores, 1, scoreGradients), dx);
    }
  }

  private void softmaxBackward() {
    INDArray tokenWeights = weights.array(context.batch.rows(), context.batch.time());
    INDArray dTokenWeights = scores.array(context.batch.rows(), context.batch.time());
    dTokenWeights.subiColumnVector(dTokenWeights.mul(tokenWeights).sum(true, 1)).muli(tokenWeights);
  }

  private void backwardScores(INDArray dScores, INDArray dx) {
    INDArray query = context.weights.get(EncoderLayout.QUERY);
    INDArray active = hidden.array(input.shape());
    INDArray dProjected = dHidden.array(input.shape());
    Nd4jMath.productOfTransposed(active, dScores, context.gradients.get(EncoderLayout.QUERY));
    Nd4jMath.multiply(active, active, dProjected);
    dProjected.rsubi(1).muliColumnVector(dScores);
    dProjected.muliRowVector(query.reshape(1, query.length()));
    INDArray more = context.tokens(context.scratch, context.shape.width());
    context.denseBackward(input, EncoderLayout.POOLING, dProjected, more);
    dx.addi(more);
  }

  /** Returns the weights, {@code [batch][time]}, 0 at padding. */
  float[][] traced() {
    TokenBatch batch = context.batch.tokens();
    float[][] result = new float[batch.rows()][batch.time()];
    INDArray tokenWeights = weights.array(context.batch.rows(), context.batch.time());
    for (int row = 0; row < batch.rows(); row++) {
      for (int rank = 0; rank < batch.length(row); rank++) {
        result[row][batch.columns()[batch.start(row) + rank]] = tokenWeights.getFloat(row, rank);
      }
    }
    return result;
  }
}
