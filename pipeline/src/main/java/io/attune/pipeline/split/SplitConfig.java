package io.attune.pipeline.split;

import static io.attune.schemas.Requirements.require;

/**
 * Configures how documents without a declared split are divided.
 *
 * @param by {@link By#HASH} for documents without an order, such as reviews; {@link By#TIME} for
 *     news: train on the past, test on the latest
 * @param validation fraction of the documents that validate, in [0, 1); not used where a corpus is
 *     declared {@code validation}
 * @param test fraction of the documents that test, in [0, 1); not used where a corpus is declared
 *     {@code test}
 * @param seed of the hash
 */
public record SplitConfig(By by, double validation, double test, long seed) {
  /** Chooses what decides on the split of a document. */
  public enum By {
    /** Uses a hash of seed and id, so that a document never changes its split. */
    HASH,
    /** Uses the time of publication. */
    TIME
  }

  public SplitConfig {
    require(validation >= 0 && validation < 1, "validation must be in [0, 1), got %s", validation);
    require(test >= 0 && test < 1, "test must be in [0, 1), got %s", test);
    require(
        validation + test < 1,
        "validation and test must leave something to train on, got %s and %s",
        validation,
        test);
  }
}
