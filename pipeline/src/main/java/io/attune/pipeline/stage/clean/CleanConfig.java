package io.attune.pipeline.stage.clean;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.copies.CopiesConfig;
import java.io.Serializable;
import java.util.List;

/**
 * Configures which texts are kept, and what of them.
 *
 * @param minCharacters letters, digits, symbols, emoji and emoticons that it must have at least
 * @param maxCharacters that it may have at most; longer is a dump, not a document
 * @param maxBrokenShare of its characters that may be U+FFFD, in [0, 1]
 * @param maxRejectedShare a corpus of which more than this fraction is rejected, duplicates not
 *     counted, ends the stage; in (0, 1]
 * @param urls what becomes of web addresses
 * @param mask what is replaced by a token that names its kind
 * @param boilerplateShare a line that more than this fraction of a source's documents have is
 *     removed; in [0, 1), 0 for never
 * @param copies what counts as a copy
 */
public record CleanConfig(
    int minCharacters,
    int maxCharacters,
    double maxBrokenShare,
    double maxRejectedShare,
    Urls urls,
    List<Personal> mask,
    double boilerplateShare,
    CopiesConfig copies)
    implements Serializable {

  /** Says what becomes of web addresses. */
  public enum Urls {
    KEEP,
    /** They are replaced by {@code [URL]}. */
    MASK,
    /** They are removed. */
    DROP
  }

  /**
   * Names what may identify a person, in the order in which it is looked for; it is replaced by its
   * name in brackets.
   */
  public enum Personal {
    EMAIL,
    /** Chinese identity numbers with a date and a valid check digit (GB 11643). */
    CN_ID,
    /** Numbers of payment cards with a valid check digit (Luhn). */
    CARD,
    /** Chinese mobile numbers. */
    MOBILE,
    /** Other telephone numbers, in an international or a usual national form. */
    PHONE
  }

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
    require(
        maxRejectedShare > 0 && maxRejectedShare <= 1,
        "max-rejected-share must be in (0, 1], got %s",
        maxRejectedShare);
    require(urls != null, "urls must be keep, mask or drop");
    mask = mask == null ? List.of() : List.copyOf(mask);
    require(
        boilerplateShare >= 0 && boilerplateShare < 1,
        "boilerplate-share must be in [0, 1), got %s",
        boilerplateShare);
    require(copies != null, "copies must be given");
  }
}
