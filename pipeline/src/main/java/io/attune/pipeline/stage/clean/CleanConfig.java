package io.attune.pipeline.stage.clean;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.copies.CopiesConfig;
import java.io.Serializable;

/**
 * Configures which texts are kept.
 *
 * @param minCharacters letters and digits that it must have at least
 * @param maxCharacters that it may have at most; longer is a dump, not a document
 * @param maxBrokenShare of its characters that may be U+FFFD, in [0, 1]
 * @param copies what counts as a copy
 */
public record CleanConfig(
    int minCharacters, int maxCharacters, double maxBrokenShare, CopiesConfig copies)
    implements Serializable {
  public CleanConfig {
    require(minCharacters >= 1, "min-characters must be at least 1, got %d", minCharacters);
    require(
        maxCharacters >= minCharacters,
        "max-characters must be at least min-characters (%d), got %d",
        minCharacters,
        maxCharacters);
    require(
        maxBrokenShare >= 0 && maxBrokenShare <= 1,
        "max-broken-share must be in [0, 1], got %s",
        maxBrokenShare);
    require(copies != null, "copies must be given");
  }
}
