package io.attune.pipeline.copies;

import java.io.Serializable;
import java.util.Optional;

/**
 * Describes how signatures are computed.
 *
 * @param found bands by which near copies are found; null where they are not looked for
 */
record Scheme(Bands found) implements Serializable {
  /** Is raised when keys, shingles or hashes change, so that signatures are computed again. */
  private static final int VERSION = 2;

  static Scheme of(CopiesConfig config) {
    return new Scheme(
        config.near() == CopiesConfig.Near.IGNORE
            ? null
            : Bands.forSimilarity(config.similarity()));
  }

  boolean hasBands() {
    return found != null;
  }

  Optional<Bands> bands() {
    return Optional.ofNullable(found);
  }

  long[] bandsOf(byte[] shingles) {
    return found.of(shingles);
  }

  /** Returns the name that signatures have in the table. */
  String word() {
    return found == null
        ? "%d without bands".formatted(VERSION)
        : "%d with %d bands of %d".formatted(VERSION, found.bands(), found.rows());
  }
}
