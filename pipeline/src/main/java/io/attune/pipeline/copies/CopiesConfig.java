package io.attune.pipeline.copies;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Configures what counts as a copy, and what is done with it.
 *
 * @param near what is done with a near copy of a document
 * @param similarity Jaccard similarity from which a text is a near copy, in [0.5, 1]
 * @param maxShare of a source's documents of a night that may be copies of one text, in (0, 1]
 * @param guardFrom documents of a source from which {@code maxShare} counts
 */
public record CopiesConfig(Near near, double similarity, double maxShare, int guardFrom)
    implements Serializable {
  /** Chooses what is done with a near copy. */
  public enum Near {
    /** Rejects it, unless it has a label that the kept document has not. */
    DROP,
    /** Keeps it, in the split of the document that it is a copy of. */
    KEEP,
    /** Does not look for near copies. */
    IGNORE
  }

  public CopiesConfig {
    require(near != null, "near must be drop, keep or ignore");
    require(
        similarity >= 0.5 && similarity <= 1, "similarity must be in [0.5, 1], got %s", similarity);
    require(maxShare > 0 && maxShare <= 1, "max-share must be in (0, 1], got %s", maxShare);
    require(guardFrom >= 1, "guard-from must be at least 1, got %d", guardFrom);
  }
}
