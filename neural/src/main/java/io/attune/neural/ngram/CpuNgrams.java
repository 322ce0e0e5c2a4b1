package io.attune.neural.ngram;

import io.attune.neural.cpu.Gemm;
import io.attune.neural.cpu.Kernels;
import io.attune.neural.encoder.Attention;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Computes a network of hashed n-grams for floats on a CPU, in memory that it reuses; of the tables
 * only the rows of the batch are read and written. Sums are taken in the order of the positions, so
 * that the same batch always gives the same bits.
 */
public final class CpuNgrams implements EncoderBackend {
  private final NgramShape shape;
  private final Kernels kernels;
  private final Gemm gemm = Gemm.best();
  private final NgramMatrices weights;
  private final NgramGradients gradients;
  private final Floats embedded = Floats.growing();
  private final Floats hidden = Floats.growing();
  private final Floats dEmbedded = Floats.growing();
  private final Floats dHidden = Floats.growing();
  private final Floats inner = Floats.growing();
  private final Floats dPooled = Floats.growing();
  private final MaxPooling maximum;
  private final float[][] attention;
  private final float[][] attentionGradients;
  private float[] means = new float[0];
  private NgramRows rows;
  private TokenBatch batch;
  private Pass pass;

  /**
   * Makes the computation.
   *
   * @param rowsStayZero whether a row of the tables' gradient that {@link #backward} left 0 is
   *     still 0 at the next one; then only the rows that it wrote are cleared
   */
  public CpuNgrams(NgramShape shape, Kernels kernels, boolean rowsStayZero) {
    this.shape = shape;
    this.kernels = kernels;
    weights = new NgramMatrices(NgramLayout.of(shape));
    gradients = new NgramGradients(shape, kernels, rowsStayZero);
    maximum = new MaxPooling(shape.width());
    attention = new float[shape.queries()][0];
    attentionGradients = new float[shape.queries()][0];
  }

  @Override
  public void forward(TokenBatch given, Pass purpose, INDArray parameters, INDArray output) {
    batch = given;
    pass = purpose;
    weights.view(parameters);
    rows = gradients.nextRows();
    rows.read(batch, pass.noise().word());
    Matrix pooled = Floats.of(output).matrix(rows.rows(), shape.pooledWidth());
    if (rows.count() == 0) {
      pooled.clear();
      return;
    }
    ensureCapacity();
    Matrix x = embed();
    score(x);
    for (int row = 0; row < rows.rows(); row++) {
      pool(x, row, pooled.rows(row, 1));
    }
    dropOutput(pooled);
  }

  private void ensureCapacity() {
    if (means.length < rows.count()) {
      means = new float[rows.count()];
      for (int query = 0; query < shape.queries(); query++) {
        attention[query] = new float[rows.count()];
        attentionGradients[query] = new float[rows.count()];
      }
    }
  }

  /** Returns the vectors of the positions, {@code [positions, width]}. */
  private Matrix embed() {
    Matrix x = embedded.matrix(rows.count(), shape.width());
    kernels.gather(rows.tokens(), weights.get(NgramLayout.TOKENS), x);
    for (int[] grams : rows.grams()) {
      kernels.addGathered(grams, weights.get(NgramLayout.NGRAMS), x);
    }
    dropValues(x);
    return x;
  }

  private void dropValues(Matrix x) {
    Noise.Site site = pass.noise().embedding();
    for (int at = 0; at < x.rows() && site.active(); at++) {
      kernels.drop(x, at, rows.indices()[at] * shape.width(), site);
    }
  }

  private void dropOutput(Matrix pooled) {
    Noise.Site site = pass.noise().output();
    for (int row = 0; row < pooled.rows() && site.active(); row++) {
      kernels.drop(pooled, row, row * shape.pooledWidth(), site);
    }
  }

  /** Computes the score of each position for each query: q . tanh(x W + b). */
  private void score(Matrix x) {
    Matrix active = hidden.matrix(x.rows(), x.columns());
    kernels.fill(weights.get(NgramLayout.BIAS), active);
    gemm.add(x, weights.get(NgramLayout.WEIGHT), active);
    kernels.tanhDot(active, query(0), attention[0]);
    for (int query = 1; query < shape.queries(); query++) {
      kernels.dot(active, query(query), attention[query], 0);
    }
  }

  private Matrix query(int query) {
    return weights.get(NgramLayout.QUERIES).rows(query, 1);
  }

  private void pool(Matrix x, int row, Matrix pooled) {
    int start = rows.start(row);
    int length = rows.length(row);
    if (length == 0) {
      pooled.clear();
      return;
    }
    int width = shape.width();
    Matrix own = x.rows(start, length);
    Arrays.fill(means, start, start + length, 1f / length);
    kernels.weightedSum(own, means, start, pooled.slice(0, width));
    maximum.forward(own, row, pooled.slice(width, width));
    for (int query = 0; query < shape.queries(); query++) {
      QueryWeights.softmax(attention[query], start, length);
      Matrix mixture = pooled.slice(shape.columnOf(query), width);
      kernels.weightedSum(own, attention[query], start, mixture);
    }
  }

  @Override
  public void backward(INDArray epsilon, INDArray gradient, INDArray inputGradient) {
    gradients.start(gradient);
    if (rows.count() == 0) {
      return;
    }
    Matrix dOut = dPooled.matrix(rows.rows(), shape.pooledWidth());
    INDArray byRows = epsilon.ordering() == 'c' && !epsilon.isView() ? epsilon : epsilon.dup('c');
    Floats.of(byRows).matrix(dOut.rows(), dOut.columns()).copyTo(dOut);
    dropOutput(dOut);
    Matrix x = embedded.matrix(rows.count(), shape.width());
    Matrix dx = dEmbedded.matrix(rows.count(), shape.width());
    for (int row = 0; row < rows.rows(); row++) {
      if (rows.length(row) > 0) {
        poolBackward(x, row, dOut.rows(row, 1), dx);
      }
    }
    scoreBackward(x, dx);
    dropValues(dx);
    kernels.scatter(dx, rows.tokens(), gradients.get(NgramLayout.TOKENS));
    for (int[] grams : rows.grams()) {
      kernels.scatter(dx, grams, gradients.get(NgramLayout.NGRAMS));
    }
  }

  /** Computes the gradients with respect to a row's vectors, by the mixtures, and to its scores. */
  private void poolBackward(Matrix x, int row, Matrix dOut, Matrix dx) {
    int start = rows.start(row);
    int length = rows.length(row);
    int width = shape.width();
    Matrix own = x.rows(start, length);
    Matrix dOwn = dx.rows(start, length);
    kernels.outer(means, start, dOut.slice(0, width), dOwn);
    maximum.backward(dOut.slice(width, width), row, dOwn);
    for (int query = 0; query < shape.queries(); query++) {
      Matrix dMixture = dOut.slice(shape.columnOf(query), width);
      kernels.addOuter(attention[query], start, dMixture, dOwn);
      kernels.dot(own, dMixture, attentionGradients[query], start);
      QueryWeights.backward(attention[query], attentionGradients[query], start, length);
    }
  }

  /** Computes the gradients of the scores' parameters, and adds to those of the vectors. */
  private void scoreBackward(Matrix x, Matrix dx) {
    Matrix active = hidden.matrix(x.rows(), x.columns());
    Matrix projected = dHidden.matrix(x.rows(), x.columns());
    Matrix other = inner.matrix(x.rows(), x.columns());
    for (int query = 0; query < shape.queries(); query++) {
      Matrix target = query == 0 ? projected : other;
      Matrix dQuery = gradients.get(NgramLayout.QUERIES).rows(query, 1);
      kernels.tanhDotBackward(active, attentionGradients[query], query(query), target, dQuery);
      if (query > 0) {
        kernels.add(other, projected);
      }
    }
    kernels.addColumnSums(projected, gradients.get(NgramLayout.BIAS));
    gemm.addTransposedLeft(x, projected, gradients.get(NgramLayout.WEIGHT));
    gemm.setTransposedRight(projected, weights.get(NgramLayout.WEIGHT), other);
    kernels.add(other, dx);
  }

  /** Returns the mean of the queries' weights. */
  @Override
  public Attention attention() {
    return new Attention(QueryWeights.mean(attention, rows, batch.time()), List.of());
  }

  @Override
  public String toString() {
    return "the CPU backend of n-grams (%s)".formatted(kernels.name());
  }
}
