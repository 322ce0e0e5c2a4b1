package io.attune.pipeline.copies;

import java.io.Serializable;

/**
 * Computes the bands of a MinHash (Broder 1997), of which two texts share one with probability 1 -
 * (1 - s^rows)^bands at the Jaccard similarity s of their shingles.
 *
 * @param bands hashes that a text is found by
 * @param rows minima that a band is the hash of
 */
record Bands(int bands, int rows) implements Serializable {
  /** Is the probability of finding a pair at the least similarity, at least. */
  static final double RECALL = 0.98;

  private static final int MAX_MINIMA = 256;

  /**
   * Returns the bands with the fewest needless candidates, of those that find {@link #RECALL} of
   * the pairs at the least similarity with no more than 256 minima.
   */
  static Bands forSimilarity(double least) {
    Bands best = new Bands(MAX_MINIMA, 1);
    for (int rows = 2; rows <= MAX_MINIMA; rows++) {
      double shared = Math.pow(least, rows);
      double needed = Math.ceil(Math.log(1 - RECALL) / Math.log1p(-shared));
      int bands = Double.isNaN(needed) || needed < 1 ? 1 : (int) Math.min(needed, MAX_MINIMA + 1);
      if (bands * rows > MAX_MINIMA) {
        break;
      }
      best = new Bands(bands, rows);
    }
    return best;
  }

  /** Returns the probability that two texts of a similarity share a band. */
  double probability(double similarity) {
    return 1 - Math.pow(1 - Math.pow(similarity, rows), bands);
  }

  /** Returns the hash of each band; none for an empty set. */
  long[] of(byte[] shingles) {
    long[] set = Shingles.hashes(shingles);
    if (set.length == 0) {
      return new long[0];
    }
    long[] hashes = new long[bands];
    long seed = 0;
    for (int band = 0; band < bands; band++) {
      long hash = band;
      for (int row = 0; row < rows; row++) {
        long factor = Shingles.mix(++seed * 0x9E3779B97F4A7C15L) | 1;
        long shift = Shingles.mix(~seed);
        long least = Long.MAX_VALUE;
        for (long shingle : set) {
          least = Math.min(least, shingle * factor + shift);
        }
        hash = Shingles.mix(hash * 0x9E3779B97F4A7C15L + least);
      }
      hashes[band] = hash;
    }
    return hashes;
  }
}
