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
 * @param group {@link #NO_GROUP}, {@code source}, or an extra column: documents with the same value
 *     of it are in one split; only for {@link By#HASH}
 */
public record SplitConfig(By by, double validation, double test, long seed, String group) {
  /** Divides documents one by one. */
  public static final String NO_GROUP = "none";

  /** Chooses what decides on the split of a document. */
  public enum By {
    /** Uses a hash of seed and cluster, so that a document never changes its split. */
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
    group = group == null ? NO_GROUP : group;
    require(!group.isBlank(), "group must be none, source or an extra column");
    require(
        group.equals(NO_GROUP) || by == By.HASH,
        "group is '%s', and by is time, which cuts through sources; set split.by=hash or"
            + " split.group=none",
        group);
  }

  boolean isGrouped() {
    return !group.equals(NO_GROUP);
  }

  SplitConfig withShares(double ofValidation, double ofTest) {
    return new SplitConfig(by, ofValidation, ofTest, seed, group);
  }
}
