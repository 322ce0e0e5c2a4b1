package io.attune.neural.cpu;

import io.attune.neural.encoder.Noise;
import io.attune.neural.int8.Int8Kernels;
import io.attune.neural.int8.ScalarInt8Kernels;
import io.attune.neural.memory.Matrix;
import java.util.Arrays;

/**
 * Computes the kernels in plain loops over arrays of the Java heap, for rows of any width and for a
 * JVM without the Vector API. Each row is copied to an array and back: loops over buffers are not
 * compiled to vector instructions, loops over arrays are.
 */
public final class ScalarKernels implements Kernels {
  /**
   * Holds the number of values of a long vector processed at a time: few enough for the fastest
   * cache.
   */
  private static final int PIECE = 1024;

  private float[] first = new float[0];
  private float[] second = new float[0];
  private float[] third = new float[0];
  private float[] fourth = new float[0];

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public String name() {
    return "plain loops";
  }

  @Override
  public Int8Kernels int8() {
    return new ScalarInt8Kernels();
  }

  private void ensure(int columns) {
    if (first.length < columns) {
      first = new float[columns];
      second = new float[columns];
      third = new float[columns];
      fourth = new float[columns];
    }
  }

  private static void load(Matrix from, int row, float[] to) {
    from.data().floats().get(from.at(row), to, 0, from.columns());
  }

  private static void store(float[] from, Matrix to, int row) {
    to.data().floats().put(to.at(row), from, 0, to.columns());
  }

  @Override
  public void sum(Matrix a, Matrix row, Matrix out) {
    ensure(a.columns());
    load(row, 0, second);
    for (int r = 0; r < a.rows(); r++) {
      load(a, r, first);
      for (int c = 0; c < a.columns(); c++) {
        first[c] += second[c];
      }
      store(first, out, r);
    }
  }

  @Override
  public void fill(Matrix row, Matrix out) {
    ensure(row.columns());
    load(row, 0, first);
    for (int r = 0; r < out.rows(); r++) {
      store(first, out, r);
    }
  }

  @Override
  public void add(Matrix a, Matrix out) {
    for (int r = 0; r < a.rows(); r++) {
      addRow(a, r, out, r);
    }
  }

  private void addRow(Matrix a, int row, Matrix out, int target) {
    ensure(a.columns());
    load(a, row, first);
    load(out, target, second);
    for (int c = 0; c < a.columns(); c++) {
      second[c] += first[c];
    }
    store(second, out, target);
  }

  @Override
  public void addColumnSums(Matrix a, Matrix row) {
    ensure(a.columns());
    load(row, 0, second);
    for (int r = 0; r < a.rows(); r++) {
      load(a, r, first);
      for (int c = 0; c < a.columns(); c++) {
        second[c] += first[c];
      }
    }
    store(second, row, 0);
  }

  @Override
  public void gather(int[] indices, Matrix table, Matrix out) {
    ensure(table.columns());
    for (int r = 0; r < out.rows(); r++) {
      load(table, indices[r], first);
      store(first, out, r);
    }
  }

  @Override
  public void addGathered(int[] indices, Matrix table, Matrix out) {
    for (int r = 0; r < out.rows(); r++) {
      addRow(table, indices[r], out, r);
    }
  }

  @Override
  public void clear(int[] indices, int count, Matrix table) {
    ensure(table.columns());
    Arrays.fill(first, 0);
    for (int i = 0; i < count; i++) {
      store(first, table, indices[i]);
    }
  }

  @Override
  public int nextNonZeroRow(Matrix x, int from) {
    ensure(x.columns());
    for (int r = from; r < x.rows(); r++) {
      load(x, r, first);
      int bits = 0;
      for (int c = 0; c < x.columns(); c++) {
        bits |= Float.floatToRawIntBits(first[c]);
      }
      if (bits << 1 != 0) { // without the sign: -0 is 0
        return r;
      }
    }
    return x.rows();
  }

  @Override
  public void scatter(Matrix a, int[] indices, Matrix table) {
    for (int r = 0; r < a.rows(); r++) {
      addRow(a, r, table, indices[r]);
    }
  }

  @Override
  public void drop(Matrix x, int row, int index, Noise.Site site) {
    ensure(x.columns());
    load(x, row, first);
    for (int c = 0; c < x.columns(); c++) {
      first[c] *= site.factor(index + c);
    }
    store(first, x, row);
  }

  @Override
  public void normalize(Normalization norm, Matrix x, Matrix out) {
    int columns = x.columns();
    ensure(columns);
    load(norm.gain(), 0, second);
    load(norm.shift(), 0, third);
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      float mean = mean(first, columns);
      float squares = 0;
      for (int c = 0; c < columns; c++) {
        squares += (first[c] - mean) * (first[c] - mean);
      }
      float inverse = (float) (1 / Math.sqrt(squares / columns + norm.epsilon()));
      norm.statistics().set(r, 0, mean);
      norm.statistics().set(r, 1, inverse);
      for (int c = 0; c < columns; c++) {
        first[c] = (first[c] - mean) * inverse * second[c] + third[c];
      }
      store(first, out, r);
    }
  }

  private static float mean(float[] values, int count) {
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
    }
    return sum / count;
  }

  @Override
  public void normalizeBackward(Normalization norm, Matrix x, Matrix dOut, Matrix dx) {
    int columns = x.columns();
    ensure(columns);
    load(norm.gain(), 0, fourth);
    float[] dGain = new float[columns];
    float[] dShift = new float[columns];
    load(norm.dGain(), 0, dGain);
    load(norm.dShift(), 0, dShift);
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      load(dOut, r, second);
      load(dx, r, third);
      float mean = norm.statistics().get(r, 0);
      float inverse = norm.statistics().get(r, 1);
      float sum = 0;
      float product = 0;
      for (int c = 0; c < columns; c++) {
        first[c] = (first[c] - mean) * inverse;
        dGain[c] += second[c] * first[c];
        dShift[c] += second[c];
        second[c] *= fourth[c];
        sum += second[c];
        product += second[c] * first[c];
      }
      for (int c = 0; c < columns; c++) {
        third[c] += inverse * (second[c] - sum / columns - first[c] * product / columns);
      }
      store(third, dx, r);
    }
    store(dGain, norm.dGain(), 0);
    store(dShift, norm.dShift(), 0);
  }

  @Override
  public void softmax(Matrix scores) {
    int columns = scores.columns();
    ensure(columns);
    for (int r = 0; r < scores.rows(); r++) {
      load(scores, r, first);
      float max = first[0];
      for (int c = 1; c < columns; c++) {
        max = Math.max(max, first[c]);
      }
      float sum = 0;
      for (int c = 0; c < columns; c++) {
        first[c] = (float) Math.exp(first[c] - max);
        sum += first[c];
      }
      for (int c = 0; c < columns; c++) {
        first[c] /= sum;
      }
      store(first, scores, r);
    }
  }

  @Override
  public void softmaxBackward(Matrix weights, Matrix dWeights) {
    int columns = weights.columns();
    ensure(columns);
    for (int r = 0; r < weights.rows(); r++) {
      load(weights, r, first);
      load(dWeights, r, second);
      float sum = 0;
      for (int c = 0; c < columns; c++) {
        sum += first[c] * second[c];
      }
      for (int c = 0; c < columns; c++) {
        second[c] = (second[c] - sum) * first[c];
      }
      store(second, dWeights, r);
    }
  }

  /**
   * Returns the normal distribution function, as {@link VectorKernels}: Abramowitz & Stegun 1964,
   * 7.1.26.
   */
  private static double normalCdf(double x, double gaussian) {
    double t = 1 / (1 + 0.23164190 * Math.abs(x));
    double p = 0.5307027145;
    p = p * t - 0.7265760135;
    p = p * t + 0.7107068705;
    p = p * t - 0.142248368;
    p = p * t + 0.127414796;
    double tail = p * t * gaussian;
    return x < 0 ? tail : 1 - tail;
  }

  private static double gaussian(double x) {
    return Math.exp(-0.5 * x * x);
  }

  @Override
  public void gelu(Matrix x, Matrix out) {
    ensure(x.columns());
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      for (int c = 0; c < x.columns(); c++) {
        first[c] *= (float) normalCdf(first[c], gaussian(first[c]));
      }
      store(first, out, r);
    }
  }

  @Override
  public void geluAndDerivative(Matrix x, Matrix out) {
    ensure(x.columns());
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      for (int c = 0; c < x.columns(); c++) {
        double gaussian = gaussian(first[c]);
        double cdf = normalCdf(first[c], gaussian);
        second[c] = (float) (cdf + first[c] * gaussian / Math.sqrt(2 * Math.PI));
        first[c] *= (float) cdf;
      }
      store(first, out, r);
      store(second, x, r);
    }
  }

  @Override
  public void relu(Matrix x, Matrix out) {
    ensure(x.columns());
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      for (int c = 0; c < x.columns(); c++) {
        first[c] = Math.max(first[c], 0);
      }
      store(first, out, r);
    }
  }

  @Override
  public void reluAndDerivative(Matrix x, Matrix out) {
    ensure(x.columns());
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      for (int c = 0; c < x.columns(); c++) {
        second[c] = first[c] > 0 ? 1 : 0;
        first[c] = Math.max(first[c], 0);
      }
      store(first, out, r);
      store(second, x, r);
    }
  }

  @Override
  public void multiplyAndSum(Matrix derivatives, Matrix gradient, Matrix row) {
    ensure(derivatives.columns());
    for (int r = 0; r < derivatives.rows(); r++) {
      load(derivatives, r, first);
      load(gradient, r, second);
      for (int c = 0; c < derivatives.columns(); c++) {
        second[c] *= first[c];
      }
      store(second, gradient, r);
    }
    addColumnSums(gradient, row);
  }

  @Override
  public void tanhDot(Matrix x, Matrix row, float[] scores) {
    ensure(x.columns());
    load(row, 0, second);
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      float sum = 0;
      for (int c = 0; c < x.columns(); c++) {
        first[c] = (float) Math.tanh(first[c]);
        sum += first[c] * second[c];
      }
      store(first, x, r);
      scores[r] = sum;
    }
  }

  @Override
  public void tanhDotBackward(Matrix active, float[] dScores, Matrix row, Matrix dX, Matrix dRow) {
    ensure(active.columns());
    load(row, 0, second);
    load(dRow, 0, third);
    for (int r = 0; r < active.rows(); r++) {
      load(active, r, first);
      for (int c = 0; c < active.columns(); c++) {
        third[c] += dScores[r] * first[c];
        first[c] = dScores[r] * second[c] * (1 - first[c] * first[c]);
      }
      store(first, dX, r);
    }
    store(third, dRow, 0);
  }

  @Override
  public void weightedSum(Matrix x, float[] weights, int start, Matrix out) {
    ensure(x.columns());
    Arrays.fill(second, 0);
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      for (int c = 0; c < x.columns(); c++) {
        second[c] += weights[start + r] * first[c];
      }
    }
    store(second, out, 0);
  }

  @Override
  public void dot(Matrix x, Matrix row, float[] products, int start) {
    ensure(x.columns());
    load(row, 0, second);
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, first);
      float sum = 0;
      for (int c = 0; c < x.columns(); c++) {
        sum += first[c] * second[c];
      }
      products[start + r] = sum;
    }
  }

  @Override
  public void outer(float[] weights, int start, Matrix row, Matrix out) {
    ensure(row.columns());
    load(row, 0, second);
    for (int r = 0; r < out.rows(); r++) {
      for (int c = 0; c < row.columns(); c++) {
        first[c] = weights[start + r] * second[c];
      }
      store(first, out, r);
    }
  }

  @Override
  public void addOuter(float[] weights, int start, Matrix row, Matrix out) {
    ensure(row.columns());
    load(row, 0, second);
    for (int r = 0; r < out.rows(); r++) {
      load(out, r, first);
      for (int c = 0; c < row.columns(); c++) {
        first[c] += weights[start + r] * second[c];
      }
      store(first, out, r);
    }
  }

  @Override
  public void adam(AdamStep step, Matrix gradient, Matrix means, Matrix squares) {
    for (int from = 0; from < gradient.columns(); from += PIECE) {
      int count = Math.min(PIECE, gradient.columns() - from);
      adamPiece(
          step, gradient.slice(from, count), means.slice(from, count), squares.slice(from, count));
    }
  }

  private void adamPiece(AdamStep step, Matrix gradient, Matrix means, Matrix squares) {
    ensure(gradient.columns());
    load(gradient, 0, first);
    load(means, 0, second);
    load(squares, 0, third);
    for (int c = 0; c < gradient.columns(); c++) {
      second[c] = step.beta1() * second[c] + (1 - step.beta1()) * first[c];
      third[c] = step.beta2() * third[c] + (1 - step.beta2()) * first[c] * first[c];
      first[c] = step.rate() * second[c] / ((float) Math.sqrt(third[c]) + step.epsilon());
    }
    store(first, gradient, 0);
    store(second, means, 0);
    store(third, squares, 0);
  }
}
