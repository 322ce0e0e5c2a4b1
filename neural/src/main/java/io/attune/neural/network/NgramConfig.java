package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.ngram.NgramShape;

/**
 * Configures the n-grams of {@link ModelConfig.Kind#NGRAM_ATTENTION}.
 *
 * @param longest tokens of the longest n-gram whose vector is added to that of its first token; 1
 *     for none
 * @param buckets rows of the table that they share by their hash
 */
public record NgramConfig(int longest, int buckets) {
  /** Adds pairs and triples of tokens, which share a table of 65,536 rows. */
  public static final NgramConfig DEFAULT = new NgramConfig(3, 1 << 16);

  private static final int MAX_BUCKETS = 1 << 24;

  public NgramConfig {
    require(
        longest >= 1 && longest <= NgramShape.LONGEST,
        "longest must be in [1, %d], got %d",
        NgramShape.LONGEST,
        longest);
    require(
        buckets >= 1 && buckets <= MAX_BUCKETS,
        "buckets must be in [1, %d], got %d",
        MAX_BUCKETS,
        buckets);
  }
}
