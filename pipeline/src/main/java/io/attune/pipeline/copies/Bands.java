package io.attune.pipeline.copies;

import java.io.Serializable;
import java.util.Arrays;

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

  /** Hold the hash function of each minimum, x · factor + shift; odd factors permute. */
  private static final int[] FACTORS = new int[MAX_MINIMA];

  private static final int[] SHIFTS = new int[MAX_MINIMA];

  static {
    for (int i = 0; i < MAX_MINIMA; i++) {
      FACTORS[i] = (int) Shingles.mix((i + 1) * 0x9E3779B97F4A7C15L) | 1;
      SHIFTS[i] = (int) Shingles.mix(~(i + 1L));
    }
  }

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

  /**
   * Returns the hash of each band; none where there are no shingles.
   *
   * @param shingles in any order, each at least once
   */
  long[] of(long[] shingles) {
    if (shingles.length == 0) {
      return new long[0];
    }
    int[] least = new int[bands * rows];
    Arrays.fill(least, Integer.MAX_VALUE);
    for (long shingle : shingles) {
      lower(least, (int) (shingle ^ (shingle >>> Integer.SIZE)));
    }
    long[] hashes = new long[bands];
    for (int band = 0; band < bands; band++) {
      long hash = band;
      for (int row = 0; row < rows; row++) {
        hash = Shingles.mix(hash * 0x9E3779B97F4A7C15L + least[band * rows + row]);
      }
      hashes[band] = hash;
    }
    return hashes;
  }

  /**
   * Lowers minima to what a shingle has for each. Hashes have 31 bits, so that differences do not
   * overflow: C2 makes vectors of a minimum by shift and mask, and none of {@link Math#min}.
   */
  private static void lower(int[] least, int shingle) {
    for (int i = 0; i < least.length; i++) {
      int below = ((shingle * FACTORS[i] + SHIFTS[i]) >>> 1) - least[i];
      least[i] += below & (below >> (Integer.SIZE - 1));
    }
  }
}
