package io.attune.neural.ngram;

import io.attune.neural.cpu.Kernels;
import io.attune.neural.memory.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Provides the gradients of the parameters, cleared at the start of each backward pass. The tables
 * have millions of values, of which a batch writes thousands: where the others stay 0 from pass to
 * pass, only those are cleared that the pass before wrote.
 */
final class NgramGradients {
  private final Kernels kernels;
  private final boolean rowsStayZero;
  private final NgramMatrices matrices;
  private NgramRows current;
  private NgramRows before;

  /** Tells whether a backward pass has written the rows of {@link #current}. */
  private boolean written;

  NgramGradients(NgramShape shape, Kernels kernels, boolean rowsStayZero) {
    this.kernels = kernels;
    this.rowsStayZero = rowsStayZero;
    matrices = new NgramMatrices(NgramLayout.of(shape));
    current = new NgramRows(shape);
    before = new NgramRows(shape);
  }

  /** Returns what the next batch is read into. */
  NgramRows nextRows() {
    if (written) {
      NgramRows free = before;
      before = current;
      current = free;
      written = false;
    }
    return current;
  }

  /** Starts a backward pass for the batch that was read last. */
  void start(INDArray vector) {
    boolean other = matrices.view(vector);
    if (other || written || !rowsStayZero) {
      matrices.clear();
    } else {
      clear(NgramLayout.TOKENS, before.tokens());
      for (int[] grams : before.grams()) {
        clear(NgramLayout.NGRAMS, grams);
      }
      get(NgramLayout.WEIGHT).clear();
      get(NgramLayout.BIAS).clear();
      get(NgramLayout.QUERIES).clear();
    }
    written = true;
  }

  private void clear(String table, int[] indices) {
    kernels.clear(indices, before.count(), get(table));
  }

  Matrix get(String name) {
    return matrices.get(name);
  }
}
