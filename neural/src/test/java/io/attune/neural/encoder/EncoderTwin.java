package io.attune.neural.encoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes an encoder, or a part of one, as in its papers, one number at a time: the reference for
 * the backends.
 */
public final class EncoderTwin {
  /** Replaces the index of a number at padding. */
  private static final int PADDING = -1;

  private final EncoderShape shape;
  private final EncoderLayout layout;
  private final Noise noise;
  private final Tape tape = new Tape();
  private final int[] parameters;
  private final double[] sinusoids;

  EncoderTwin(EncoderShape shape, Noise noise, double[] values) {
    this.shape = shape;
    this.noise = noise;
    layout = EncoderLayout.of(shape);
    sinusoids =
        shape.positions() == Positions.SINUSOIDAL
            ? SinusoidalPositions.table(shape.maxTokens(), shape.width())
            : new double[0];
    parameters = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      parameters[i] = tape.leaf(values[i]);
    }
  }

  /**
   * Holds the output and, for a loss of sum(epsilon * output), its gradients.
   *
   * @param output of each row: the pooled vector, or the vectors of all positions one after the
   *     other, 0 at padding
   * @param gradient with respect to the parameters
   * @param inputGradient with respect to the input vectors of each row, likewise; empty for token
   *     ids
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
  public record Result(double[][] output, double[] gradient, double[][] inputGradient) {}

  /** Computes a batch. */
  Result compute(EncoderCase given) {
    int rows = given.mask().length;
    int[][][] inputs = shape.embeds() ? new int[rows][0][0] : leaves(given.vectors());
    double[][] output = new double[rows][given.outputSize()];
    int loss = tape.leaf(0);
    for (int row = 0; row < rows; row++) {
      int[] out = row(row, inputs[row], given);
      for (int i = 0; i < out.length; i++) {
        if (out[i] != PADDING) {
          output[row][i] = tape.value(out[i]);
          loss = tape.add(loss, tape.scale(out[i], given.epsilon()[row][i]));
        }
      }
    }
    double[] gradients = tape.gradients(loss);
    return new Result(
        output, Arrays.copyOf(gradients, parameters.length), inputGradients(inputs, gradients));
  }

  private int[][][] leaves(double[][][] vectors) {
    int[][][] leaves = new int[vectors.length][vectors[0].length][shape.width()];
    for (int row = 0; row < vectors.length; row++) {
      for (int position = 0; position < leaves[row].length; position++) {
        for (int c = 0; c < shape.width(); c++) {
          leaves[row][position][c] = tape.leaf(vectors[row][position][c]);
        }
      }
    }
    return leaves;
  }

  private static double[][] inputGradients(int[][][] inputs, double[] gradients) {
    double[][] result = new double[inputs.length][];
    for (int row = 0; row < inputs.length; row++) {
      result[row] =
          Arrays.stream(inputs[row])
              .flatMapToInt(Arrays::stream)
              .mapToDouble(i -> gradients[i])
              .toArray();
    }
    return result;
  }

  private int at(String name, int row, int column) {
    EncoderLayout.Slot slot = layout.slot(name);
    return parameters[(int) slot.offset() + row * slot.columns() + column];
  }

  private int[] row(int row, int[][] inputs, EncoderCase given) {
    boolean[] mask = given.mask()[row];
    List<int[]> real = new ArrayList<>();
    for (int position = 0; position < mask.length; position++) {
      if (mask[position] && shape.embeds()) {
        int index = row * shape.maxTokens() + real.size();
        real.add(embedded(given.tokens()[row][position], position, index));
      } else if (mask[position]) {
        real.add(inputs[position]);
      }
    }
    int[][] x = real.toArray(int[][]::new);
    if (shape.embeds()) {
      x = shape.embeddingNorm() ? normed(x, EncoderLayout.EMBEDDING_NORM) : x;
      x = dropped(x, row, noise.embedding());
    }
    if (shape.part() == EncoderShape.Part.ATTENTION) {
      x = attention(0, row, x);
    }
    for (int block = 0; block < shape.blocks(); block++) {
      x = attentionSublayer(block, row, x);
      if (shape.hasFeedForward()) {
        x = feedForwardSublayer(block, row, x);
      }
    }
    x = shape.hasFinalNorm() ? normed(x, EncoderLayout.NORM) : x;
    return shape.pools() ? pooled(row, x) : spread(x, mask);
  }

  private int[] spread(int[][] x, boolean[] mask) {
    int[] result = new int[mask.length * shape.width()];
    Arrays.fill(result, PADDING);
    int rank = 0;
    for (int position = 0; position < mask.length; position++) {
      if (mask[position]) {
        System.arraycopy(x[rank], 0, result, position * shape.width(), shape.width());
        rank++;
      }
    }
    return result;
  }

  private int[] embedded(int token, int position, int index) {
    int[] vector = new int[shape.width()];
    for (int c = 0; c < shape.width(); c++) {
      vector[c] = at(EncoderLayout.TOKENS, token, c);
      if (noise.word().active()) {
        vector[c] = tape.scale(vector[c], noise.word().factor(index));
      }
      if (shape.positions() == Positions.LEARNED) {
        vector[c] = tape.add(vector[c], at(EncoderLayout.POSITIONS, position, c));
      } else if (shape.positions() == Positions.SINUSOIDAL) {
        vector[c] = tape.add(vector[c], tape.leaf(sinusoids[position * shape.width() + c]));
      }
    }
    return vector;
  }

  private int[][] attentionSublayer(int block, int row, int[][] x) {
    String name = EncoderLayout.attention(block);
    boolean pre = shape.norm() == Norm.PRE;
    int[][] added = attention(block, row, pre ? normed(x, name) : x);
    int[][] sum = plus(x, dropped(added, row, noise.afterAttention(block)));
    return pre ? sum : normed(sum, name);
  }

  private int[][] feedForwardSublayer(int block, int row, int[][] x) {
    String name = EncoderLayout.feedForward(block);
    boolean pre = shape.norm() == Norm.PRE;
    int[][] hidden = dense(pre ? normed(x, name) : x, name + ".in");
    for (int[] vector : hidden) {
      for (int c = 0; c < vector.length; c++) {
        vector[c] =
            shape.activation() == FeedForwardActivation.GELU
                ? tape.gelu(vector[c])
                : tape.relu(vector[c]);
      }
    }
    int[][] added = dense(dropped(hidden, row, noise.feedForward(block)), name + ".out");
    int[][] sum = plus(x, dropped(added, row, noise.afterFeedForward(block)));
    return pre ? sum : normed(sum, name);
  }

  private int[][] attention(int block, int row, int[][] x) {
    String name = EncoderLayout.attention(block);
    int width = shape.width();
    int[][] projected = dense(x, name + ".in");
    int[][] context = new int[x.length][width];
    for (int head = 0; head < shape.heads(); head++) {
      int from = head * shape.headWidth();
      for (int query = 0; query < x.length; query++) {
        int[] scores = new int[x.length];
        for (int key = 0; key < x.length; key++) {
          int dot = dot(projected[query], from, projected[key], width + from, shape.headWidth());
          scores[key] = tape.scale(dot, 1 / Math.sqrt(shape.headWidth()));
        }
        int[] weights = softmax(scores);
        for (int key = 0; key < x.length && noise.attention(block).active(); key++) {
          int matrix = row * shape.heads() + head;
          int index = (matrix * shape.maxTokens() + query) * shape.maxTokens() + key;
          weights[key] = tape.scale(weights[key], noise.attention(block).factor(index));
        }
        for (int c = from; c < from + shape.headWidth(); c++) {
          context[query][c] = weighted(weights, projected, 2 * width + c);
        }
      }
    }
    return dense(context, name + ".out");
  }

  private int[] pooled(int row, int[][] x) {
    int[] result = new int[shape.width()];
    int[] weights = poolingWeights(x);
    for (int c = 0; c < shape.width(); c++) {
      result[c] = x.length == 0 ? tape.leaf(0) : weighted(weights, x, c);
      if (noise.output().active()) {
        result[c] = tape.scale(result[c], noise.output().factor(row * shape.width() + c));
      }
    }
    return result;
  }

  private int[] poolingWeights(int[][] x) {
    int[] scores = new int[x.length];
    int[][] projected = shape.pooling() == Pooling.ATTENTION ? dense(x, EncoderLayout.POOLING) : x;
    for (int token = 0; token < x.length; token++) {
      switch (shape.pooling()) {
        case MEAN -> scores[token] = tape.leaf(1.0 / x.length);
        case FIRST -> scores[token] = tape.leaf(token == 0 ? 1 : 0);
        case ATTENTION -> {
          scores[token] = tape.leaf(0);
          for (int c = 0; c < shape.width(); c++) {
            int hidden = tape.tanh(projected[token][c]);
            int term = tape.multiply(hidden, at(EncoderLayout.QUERY, c, 0));
            scores[token] = tape.add(scores[token], term);
          }
        }
      }
    }
    return shape.pooling() == Pooling.ATTENTION ? softmax(scores) : scores;
  }

  private int[][] dense(int[][] x, String name) {
    int columns = layout.slot(name + ".weight").columns();
    int[][] result = new int[x.length][columns];
    for (int token = 0; token < x.length; token++) {
      for (int c = 0; c < columns; c++) {
        int sum = at(name + ".bias", 0, c);
        for (int k = 0; k < x[token].length; k++) {
          sum = tape.add(sum, tape.multiply(x[token][k], at(name + ".weight", k, c)));
        }
        result[token][c] = sum;
      }
    }
    return result;
  }

  private int[][] normed(int[][] x, String name) {
    int[][] result = new int[x.length][shape.width()];
    int epsilon = tape.leaf(shape.normEpsilon());
    for (int token = 0; token < x.length; token++) {
      int mean = mean(x[token]);
      int[] squares = new int[shape.width()];
      for (int c = 0; c < shape.width(); c++) {
        result[token][c] = tape.subtract(x[token][c], mean);
        squares[c] = tape.multiply(result[token][c], result[token][c]);
      }
      int deviation = tape.sqrt(tape.add(mean(squares), epsilon));
      for (int c = 0; c < shape.width(); c++) {
        int normed = tape.divide(result[token][c], deviation);
        result[token][c] =
            tape.add(tape.multiply(normed, at(name + ".gain", 0, c)), at(name + ".shift", 0, c));
      }
    }
    return result;
  }

  private int mean(int[] vector) {
    int sum = tape.leaf(0);
    for (int value : vector) {
      sum = tape.add(sum, value);
    }
    return tape.scale(sum, 1.0 / vector.length);
  }

  private int[] softmax(int[] scores) {
    int[] result = new int[scores.length];
    int sum = tape.leaf(0);
    for (int i = 0; i < scores.length; i++) {
      result[i] = tape.exp(scores[i]);
      sum = tape.add(sum, result[i]);
    }
    for (int i = 0; i < scores.length; i++) {
      result[i] = tape.divide(result[i], sum);
    }
    return result;
  }

  private int dot(int[] a, int fromA, int[] b, int fromB, int length) {
    int sum = tape.leaf(0);
    for (int i = 0; i < length; i++) {
      sum = tape.add(sum, tape.multiply(a[fromA + i], b[fromB + i]));
    }
    return sum;
  }

  private int weighted(int[] weights, int[][] x, int column) {
    int sum = tape.leaf(0);
    for (int token = 0; token < x.length; token++) {
      sum = tape.add(sum, tape.multiply(weights[token], x[token][column]));
    }
    return sum;
  }

  private int[][] plus(int[][] a, int[][] b) {
    int[][] result = new int[a.length][shape.width()];
    for (int token = 0; token < a.length; token++) {
      for (int c = 0; c < shape.width(); c++) {
        result[token][c] = tape.add(a[token][c], b[token][c]);
      }
    }
    return result;
  }

  private int[][] dropped(int[][] x, int row, Noise.Site site) {
    if (!site.active()) {
      return x;
    }
    int[][] result = new int[x.length][];
    for (int token = 0; token < x.length; token++) {
      int width = x[token].length;
      result[token] = new int[width];
      for (int c = 0; c < width; c++) {
        int index = (row * shape.maxTokens() + token) * width + c;
        result[token][c] = tape.scale(x[token][c], site.factor(index));
      }
    }
    return result;
  }
}
