package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.Arrays;

/** Pools the vectors of each row's tokens into one, on packed tokens. */
final class CpuPooling {
  private final CpuContext context;
  private final CpuDense projection;
  private final Floats hidden = Floats.growing();
  private float[] weights = new float[0];
  private float[] scoreGradients = new float[0];

  CpuPooling(CpuContext context) {
    this.context = context;
    projection = context.dense(EncoderLayout.POOLING);
  }

  private boolean attends() {
    return context.shape.pooling() == Pooling.ATTENTION;
  }

  /** Pools {@code [tokens, width]} into {@code [batch, width]}. */
  void forward(Matrix x, Matrix pooled) {
    if (weights.length < x.rows()) {
      weights = new float[x.rows()];
      scoreGradients = new float[x.rows()];
    }
    if (attends()) {
      Matrix projected = hidden.matrix(x.rows(), x.columns());
      projection.forward(x, projected);
      context.kernels.tanhDot(projected, context.weights.row(EncoderLayout.QUERY), weights);
    }
    TokenBatch batch = context.batch;
    for (int row = 0; row < batch.rows(); row++) {
      int start = batch.start(row);
      int length = batch.length(row);
      weigh(start, length);
      context.kernels.weightedSum(x.rows(start, length), weights, start, pooled.rows(row, 1));
    }
  }

  private void weigh(int start, int length) {
    switch (context.shape.pooling()) {
      case ATTENTION -> softmax(start, length);
      case MEAN -> Arrays.fill(weights, start, start + length, 1f / length);
      case FIRST -> {
        Arrays.fill(weights, start, start + length, 0);
        if (length > 0) {
          weights[start] = 1;
        }
      }
    }
  }

  private void softmax(int start, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = start; i < start + length; i++) {
      max = Math.max(max, weights[i]);
    }
    float sum = 0;
    for (int i = start; i < start + length; i++) {
      weights[i] = (float) Math.exp(weights[i] - max);
      sum += weights[i];
    }
    for (int i = start; i < start + length; i++) {
      weights[i] /= sum;
    }
  }

  /**
   * Computes the gradient with respect to the vectors, {@code [tokens, width]}, into {@code dx}.
   */
  void backward(Matrix x, Matrix dPooled, Matrix dx) {
    TokenBatch batch = context.batch;
    for (int row = 0; row < batch.rows(); row++) {
      int start = batch.start(row);
      int length = batch.length(row);
      Matrix gradient = dPooled.rows(row, 1);
      context.kernels.outer(weights, start, gradient, dx.rows(start, length));
      if (attends()) {
        context.kernels.dot(x.rows(start, length), gradient, scoreGradients, start);
        softmaxBackward(start, length);
      }
    }
    if (attends()) {
      backwardScores(x, dx);
    }
  }

  private void softmaxBackward(int start, int length) {
    float sum = 0;
    for (int i = start; i < start + length; i++) {
      sum += weights[i] * scoreGradients[i];
    }
    for (int i = start; i < start + length; i++) {
      scoreGradients[i] = weights[i] * (scoreGradients[i] - sum);
    }
  }

  private void backwardScores(Matrix x, Matrix dx) {
    Matrix active = hidden.matrix(x.rows(), x.columns());
    Matrix gradient = context.inner.matrix(x.rows(), x.columns());
    Matrix query = context.weights.row(EncoderLayout.QUERY);
    context.kernels.tanhDotBackward(
        active, scoreGradients, query, gradient, context.gradients.row(EncoderLayout.QUERY));
    Matrix dProjected = context.innermost.matrix(x.rows(), x.columns());
    projection.backward(x, gradient, dProjected);
    context.kernels.add(dProjected, dx);
  }

  /** Returns the weights, {@code [batch][time]}, 0 at padding. */
  float[][] traced() {
    TokenBatch batch = context.batch;
    float[][] result = new float[batch.rows()][batch.time()];
    for (int row = 0; row < batch.rows(); row++) {
      for (int token = batch.start(row); token < batch.start(row + 1); token++) {
        result[row][batch.columns()[token]] = weights[token];
      }
    }
    return result;
  }
}
