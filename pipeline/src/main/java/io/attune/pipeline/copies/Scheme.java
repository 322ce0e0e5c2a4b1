package io.attune.pipeline.copies;

import java.io.Serializable;

/**
 * Describes how signatures are computed.
 *
 * @param found bands by which near copies are found; null where they are not looked for
 */
record Scheme(Bands found) implements Serializable {
  /** Is raised when keys, shingles or hashes change, so that signatures are computed again. */
  private static final int VERSION = 4;

  static Scheme of(CopiesConfig config) {
    return new Scheme(
        config.near() == CopiesConfig.Near.IGNORE
            ? null
            : Bands.forSimilarity(config.similarity()));
  }

  boolean hasBands() {
    return found != null;
  }

  /** Returns how many keys documents have at most: id, hash and bands of each. */
  long keysOf(long documents) {
    return documents * (2 + (hasBands() ? found.bands() : 0));
  }

  /** Returns the bands of a text; none where near copies are not looked for. */
  long[] bandsOf(Letters text) {
    return hasBands() ? found.of(Shingles.inOrder(text)) : new long[0];
  }

  /** Returns the name that signatures have in the table. */
  String word() {
    return found == null
        ? "%d without bands".formatted(VERSION)
        : "%d with %d bands of %d".formatted(VERSION, found.bands(), found.rows());
  }
}
