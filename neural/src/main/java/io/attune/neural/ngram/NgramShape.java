package io.attune.neural.ngram;

import static io.attune.schemas.Requirements.require;

/**
 * Defines the parameters and the arithmetic of a network of hashed n-grams, except for dropout.
 *
 * @param vocabulary token ids are below it
 * @param maxTokens the longest row, padding included
 * @param longest tokens of the longest n-gram; 1 for tokens alone
 * @param buckets rows of the table that n-grams of two and more tokens share by their hash
 * @param width of the vector of a token
 * @param queries learned queries, each of which pools the tokens by attention of its own
 */
public record NgramShape(
    int vocabulary, int maxTokens, int longest, int buckets, int width, int queries) {
  /** Limits n-grams: longer ones hardly ever occur twice. */
  public static final int LONGEST = 5;

  /** Counts the poolings beside the queries: the mean and the maximum. */
  private static final int PLAIN_POOLINGS = 2;

  /**
   * Limits token ids to whole numbers that floats represent exactly, since they are passed in float
   * arrays.
   */
  private static final int MAX_ROWS = 1 << 24;

  public NgramShape {
    requireRows("vocabulary", vocabulary);
    requireRows("buckets", buckets);
    require(maxTokens >= 1, "maxTokens must be at least 1, got %d", maxTokens);
    require(
        longest >= 1 && longest <= LONGEST, "longest must be in [1, %d], got %d", LONGEST, longest);
    require(width >= 1, "width must be at least 1, got %d", width);
    require(queries >= 1, "queries must be at least 1, got %d", queries);
  }

  private static void requireRows(String name, int rows) {
    require(rows >= 1 && rows <= MAX_ROWS, "%s must be in [1, %d], got %d", name, MAX_ROWS, rows);
  }

  /** Returns whether there is a table of n-grams of two and more tokens. */
  public boolean hasNgrams() {
    return longest > 1;
  }

  /** Returns the width of the pooled vector: the mean, the maximum and one mixture a query. */
  public int pooledWidth() {
    return Math.multiplyExact(PLAIN_POOLINGS + queries, width);
  }

  /** Returns the first column of a query's mixture in the pooled vector. */
  int columnOf(int query) {
    return (PLAIN_POOLINGS + query) * width;
  }
}
