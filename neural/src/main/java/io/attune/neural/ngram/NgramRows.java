package io.attune.neural.ngram;

import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;

/**
 * Holds the positions of a batch that are pooled, one after the other, row by row, with the rows of
 * the tables whose sum is the vector of each. Its arrays are kept from batch to batch and may be
 * longer than their content.
 *
 * <p>An n-gram starts at a position and goes on with the next real tokens of its row; those beyond
 * the last are a token of their own, so that every position has an n-gram of each length.
 */
final class NgramRows {
  private final NgramShape shape;
  private final int[][] grams;
  private int[] starts = new int[1];
  private int[] tokens = new int[0];
  private int[] columns = new int[0];
  private int[] indices = new int[0];
  private int rows;

  NgramRows(NgramShape shape) {
    this.shape = shape;
    grams = new int[shape.longest() - 1][0];
  }

  /**
   * Reads a batch, which replaces the last one.
   *
   * @param word drops whole positions, after their n-grams are formed; a row of which nothing would
   *     be left is left whole
   */
  void read(TokenBatch batch, Noise.Site word) {
    ensureCapacity(batch);
    rows = batch.rows();
    int count = 0;
    for (int row = 0; row < rows; row++) {
      starts[row] = count;
      boolean drops = word.active() && keepsOne(batch, row, word);
      for (int token = batch.start(row); token < batch.start(row + 1); token++) {
        if (!drops || isKept(batch, token, word)) {
          put(batch, token, batch.start(row + 1), count);
          count++;
        }
      }
    }
    starts[rows] = count;
  }

  private static boolean isKept(TokenBatch batch, int token, Noise.Site word) {
    return word.factor(batch.indices()[token]) > 0;
  }

  private static boolean keepsOne(TokenBatch batch, int row, Noise.Site word) {
    for (int token = batch.start(row); token < batch.start(row + 1); token++) {
      if (isKept(batch, token, word)) {
        return true;
      }
    }
    return false;
  }

  private void put(TokenBatch batch, int token, int end, int to) {
    int[] ids = batch.ids();
    tokens[to] = ids[token];
    columns[to] = batch.columns()[token];
    indices[to] = batch.indices()[token];
    int hash = NgramHash.then(NgramHash.EMPTY, ids[token]);
    for (int more = 1; more <= grams.length; more++) {
      int next = token + more;
      hash = next < end ? NgramHash.then(hash, ids[next]) : NgramHash.thenEnd(hash);
      grams[more - 1][to] = NgramHash.bucket(hash, shape.buckets());
    }
  }

  private void ensureCapacity(TokenBatch batch) {
    if (starts.length < batch.rows() + 1) {
      starts = new int[batch.rows() + 1];
    }
    if (tokens.length < batch.count()) {
      tokens = new int[batch.count()];
      columns = new int[batch.count()];
      indices = new int[batch.count()];
      for (int i = 0; i < grams.length; i++) {
        grams[i] = new int[batch.count()];
      }
    }
  }

  int rows() {
    return rows;
  }

  /** Returns the number of positions. */
  int count() {
    return starts[rows];
  }

  int start(int row) {
    return starts[row];
  }

  int length(int row) {
    return starts[row + 1] - starts[row];
  }

  /** Returns the token at each position: a row of the tokens' table. */
  int[] tokens() {
    return tokens;
  }

  /** Returns, for each length from two tokens on, the row of the n-grams' table by position. */
  int[][] grams() {
    return grams;
  }

  /** Returns the column of each position in the input. */
  int[] columns() {
    return columns;
  }

  /** Returns the index of each position for {@link Noise}, as {@link TokenBatch#indices}. */
  int[] indices() {
    return indices;
  }
}
