package io.attune.neural.ngram;

/**
 * Finds the row of an n-gram in a table by hashing its token ids, as Bojanowski et al. 2017, 3.2,
 * do with characters. Saved models depend on it: {@code docs/formats/model.md} specifies it.
 */
final class NgramHash {
  /** Holds 2^32 divided by the golden ratio, whose multiples are spread evenly. */
  private static final int SPREAD = 0x9E3779B9;

  /** Stands for the hash of an n-gram without tokens. */
  static final int EMPTY = 0;

  private NgramHash() {}

  /** Returns the hash of an n-gram that goes on with a token. */
  static int then(int hash, int token) {
    return mix(hash * SPREAD + token + 1);
  }

  /** Returns the hash of an n-gram that goes on beyond the last token of its row. */
  static int thenEnd(int hash) {
    return mix(hash * SPREAD);
  }

  /** Returns the row of a hash: the high bits, whatever the number of rows. */
  static int bucket(int hash, int buckets) {
    return (int) ((Integer.toUnsignedLong(hash) * buckets) >>> Integer.SIZE);
  }

  /** Applies a permutation of the 32-bit numbers ("lowbias32", Wellons 2018). */
  private static int mix(int value) {
    int x = value;
    x ^= x >>> 16;
    x *= 0x7FEB352D;
    x ^= x >>> 15;
    x *= 0x846CA68B;
    x ^= x >>> 16;
    return x;
  }
}
