package io.attune.neural.ngram;

import io.attune.neural.memory.Matrix;

/** Pools vectors by the largest value of each column; of equal ones the first counts. */
final class MaxPooling {
  private final int width;
  private final float[] values;
  private final float[] best;
  private int[] winners = new int[0];

  MaxPooling(int width) {
    this.width = width;
    values = new float[width];
    best = new float[width];
  }

  /**
   * Computes the maxima of the vectors of one row of the batch, and keeps where they are.
   *
   * @param x at least one vector
   * @param row of the batch
   */
  void forward(Matrix x, int row, Matrix out) {
    int first = row * width;
    ensure(first + width);
    x.data().floats().get(x.at(0), best, 0, width);
    for (int c = 0; c < width; c++) {
      winners[first + c] = 0;
    }
    for (int r = 1; r < x.rows(); r++) {
      x.data().floats().get(x.at(r), values, 0, width);
      for (int c = 0; c < width; c++) {
        if (values[c] > best[c]) {
          best[c] = values[c];
          winners[first + c] = r;
        }
      }
    }
    out.data().floats().put(out.at(0), best, 0, width);
  }

  private void ensure(int length) {
    if (winners.length < length) {
      int[] longer = new int[Math.max(length, 2 * winners.length)];
      System.arraycopy(winners, 0, longer, 0, winners.length);
      winners = longer;
    }
  }

  /** Adds to the gradients of the vectors that had the maxima. */
  void backward(Matrix dOut, int row, Matrix dx) {
    for (int c = 0; c < width; c++) {
      int winner = winners[row * width + c];
      dx.set(winner, c, dx.get(winner, c) + dOut.get(0, c));
    }
  }
}
