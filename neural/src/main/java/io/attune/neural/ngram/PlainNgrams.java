package io.attune.neural.ngram;

import io.attune.neural.encoder.Attention;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes a network of hashed n-grams in double precision in plain loops, for parameters of any
 * data type on any device: it reads the rows of the batch from the tables and writes theirs. It is
 * many times as slow as {@link CpuNgrams}.
 */
public final class PlainNgrams implements EncoderBackend {
  private final NgramShape shape;
  private final NgramLayout layout;
  private final NgramRows rows;
  private final int width;
  private TokenBatch batch;
  private Pass pass;
  private double[][] weight;
  private double[] bias;
  private double[][] queries;
  private double[][] x;
  private double[][] active;
  private double[][] attention;
  private int[][] winners;

  public PlainNgrams(NgramShape shape) {
    this.shape = shape;
    layout = NgramLayout.of(shape);
    rows = new NgramRows(shape);
    width = shape.width();
  }

  private static double[][] matrix(INDArray values) {
    return values.castTo(DataType.DOUBLE).toDoubleMatrix();
  }

  @Override
  public void forward(TokenBatch given, Pass purpose, INDArray parameters, INDArray output) {
    batch = given;
    pass = purpose;
    rows.read(batch, pass.noise().word());
    Map<String, INDArray> views = layout.views(parameters);
    weight = matrix(views.get(NgramLayout.WEIGHT));
    bias = matrix(views.get(NgramLayout.BIAS))[0];
    queries = matrix(views.get(NgramLayout.QUERIES));
    embed(views);
    score();
    winners = new int[rows.rows()][width];
    double[][] pooled = new double[rows.rows()][shape.pooledWidth()];
    for (int row = 0; row < pooled.length; row++) {
      if (rows.length(row) > 0) {
        pool(row, pooled[row]);
      }
    }
    dropOutput(pooled);
    output.assign(Nd4j.createFromArray(pooled).castTo(output.dataType()));
  }

  private void embed(Map<String, INDArray> views) {
    x = new double[rows.count()][width];
    addRows(views.get(NgramLayout.TOKENS), rows.tokens());
    for (int[] grams : rows.grams()) {
      addRows(views.get(NgramLayout.NGRAMS), grams);
    }
    dropValues(x);
  }

  private void addRows(INDArray table, int[] indices) {
    Map<Integer, double[]> read = new HashMap<>();
    for (int at = 0; at < x.length; at++) {
      double[] row =
          read.computeIfAbsent(
              indices[at],
              index -> table.getRow(index).castTo(DataType.DOUBLE).dup().toDoubleVector());
      add(row, 1, x[at]);
    }
  }

  private static void add(double[] values, double factor, double[] to) {
    for (int c = 0; c < values.length; c++) {
      to[c] += factor * values[c];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }

  private void dropValues(double[][] vectors) {
    Noise.Site site = pass.noise().embedding();
    for (int at = 0; at < vectors.length && site.active(); at++) {
      for (int c = 0; c < width; c++) {
        vectors[at][c] *= site.factor(rows.indices()[at] * width + c);
      }
    }
  }

  private void dropOutput(double[][] pooled) {
    Noise.Site site = pass.noise().output();
    for (int row = 0; row < pooled.length && site.active(); row++) {
      for (int c = 0; c < pooled[row].length; c++) {
        pooled[row][c] *= site.factor(row * pooled[row].length + c);
      }
    }
  }

  private void score() {
    active = new double[x.length][width];
    attention = new double[shape.queries()][x.length];
    for (int at = 0; at < x.length; at++) {
      System.arraycopy(bias, 0, active[at], 0, width);
      for (int c = 0; c < width; c++) {
        add(weight[c], x[at][c], active[at]);
      }
      for (int c = 0; c < width; c++) {
        active[at][c] = Math.tanh(active[at][c]);
      }
      for (int query = 0; query < queries.length; query++) {
        attention[query][at] = dot(active[at], queries[query]);
      }
    }
  }

  private void pool(int row, double[] pooled) {
    int start = rows.start(row);
    int end = rows.start(row + 1);
    for (int c = 0; c < width; c++) {
      winners[row][c] = start;
      for (int at = start; at < end; at++) {
        pooled[c] += x[at][c] / (end - start);
        winners[row][c] = x[at][c] > x[winners[row][c]][c] ? at : winners[row][c];
      }
      pooled[width + c] = x[winners[row][c]][c];
    }
    for (int query = 0; query < queries.length; query++) {
      softmax(attention[query], start, end);
      for (int at = start; at < end; at++) {
        for (int c = 0; c < width; c++) {
          pooled[shape.columnOf(query) + c] += attention[query][at] * x[at][c];
        }
      }
    }
  }

  private static void softmax(double[] scores, int start, int end) {
    double max = Arrays.stream(scores, start, end).max().orElseThrow();
    double sum = 0;
    for (int at = start; at < end; at++) {
      scores[at] = Math.exp(scores[at] - max);
      sum += scores[at];
    }
    for (int at = start; at < end; at++) {
      scores[at] /= sum;
    }
  }

  @Override
  public void backward(INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    gradient.assign(0);
    if (rows.count() == 0) {
      return;
    }
    double[][] dPooled = matrix(epsilon);
    dropOutput(dPooled);
    double[][] dx = new double[x.length][width];
    double[][] dScores = new double[queries.length][x.length];
    for (int row = 0; row < rows.rows(); row++) {
      poolBackward(row, dPooled[row], dx, dScores);
    }
    Map<String, INDArray> views = layout.views(gradient);
    scoreBackward(dScores, dx, views);
    dropValues(dx);
    addTo(views.get(NgramLayout.TOKENS), rows.tokens(), dx);
    for (int[] grams : rows.grams()) {
      addTo(views.get(NgramLayout.NGRAMS), grams, dx);
    }
  }

  private void poolBackward(int row, double[] dPooled, double[][] dx, double[][] dScores) {
    int start = rows.start(row);
    int end = rows.start(row + 1);
    for (int at = start; at < end; at++) {
      for (int c = 0; c < width; c++) {
        dx[at][c] += dPooled[c] / (end - start);
        dx[at][c] += winners[row][c] == at ? dPooled[width + c] : 0;
      }
    }
    for (int query = 0; query < queries.length; query++) {
      int column = shape.columnOf(query);
      double[] dMixture = Arrays.copyOfRange(dPooled, column, column + width);
      double mean = 0;
      for (int at = start; at < end; at++) {
        add(dMixture, attention[query][at], dx[at]);
        dScores[query][at] = dot(x[at], dMixture);
        mean += attention[query][at] * dScores[query][at];
      }
      for (int at = start; at < end; at++) {
        dScores[query][at] = attention[query][at] * (dScores[query][at] - mean);
      }
    }
  }

  private void scoreBackward(double[][] dScores, double[][] dx, Map<String, INDArray> views) {
    double[][] dWeight = new double[width][width];
    double[] dBias = new double[width];
    double[][] dQueries = new double[queries.length][width];
    for (int at = 0; at < x.length; at++) {
      double[] dActive = new double[width];
      for (int query = 0; query < queries.length; query++) {
        add(queries[query], dScores[query][at], dActive);
        add(active[at], dScores[query][at], dQueries[query]);
      }
      for (int c = 0; c < width; c++) {
        dActive[c] *= 1 - active[at][c] * active[at][c];
      }
      add(dActive, 1, dBias);
      for (int c = 0; c < width; c++) {
        add(dActive, x[at][c], dWeight[c]);
        dx[at][c] += dot(weight[c], dActive);
      }
    }
    assign(views.get(NgramLayout.WEIGHT), dWeight);
    assign(views.get(NgramLayout.BIAS), new double[][] {dBias});
    assign(views.get(NgramLayout.QUERIES), dQueries);
  }

  private static void assign(INDArray target, double[][] values) {
    target.assign(Nd4j.createFromArray(values).castTo(target.dataType()));
  }

  private static void addTo(INDArray table, int[] indices, double[][] dx) {
    Map<Integer, double[]> sums = new HashMap<>();
    for (int at = 0; at < dx.length; at++) {
      add(dx[at], 1, sums.computeIfAbsent(indices[at], index -> new double[dx[0].length]));
    }
    sums.forEach(
        (index, sum) ->
            table.getRow(index).addi(Nd4j.createFromArray(sum).castTo(table.dataType())));
  }

  /** Returns the mean of the queries' weights. */
  @Override
  public Attention attention() {
    float[][] weights = new float[attention.length][x.length];
    for (int query = 0; query < weights.length; query++) {
      for (int at = 0; at < x.length; at++) {
        weights[query][at] = (float) attention[query][at];
      }
    }
    return new Attention(QueryWeights.mean(weights, rows, batch.time()), List.of());
  }

  @Override
  public String toString() {
    return "the plain backend of n-grams";
  }
}
