package io.attune.pipeline.stage.tokenize;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.model.LongTexts;
import java.io.Serializable;

/**
 * Configures how the tokenizer is trained and used.
 *
 * @param vocabulary most token ids, special ones included; a small corpus ends below it
 * @param maxTokens of a row
 * @param lowercase whether upper and lower case are one
 * @param minFrequency least occurrences of a character to be known and of a pair to be merged
 * @param maxTokenCharacters longest token, in characters, a Han character counting for {@link
 *     #HAN_CHARACTERS}; 1 makes a tokenizer of characters
 * @param longTexts what is read of a document with more tokens than a row has
 * @param windowOverlap fraction of a window that the next one repeats
 * @param maxWindows of a document; those in the middle of a longer one are left out
 * @param tokenizer a file to take instead of training one; empty to train
 * @param synonyms with which copies of training documents are made
 */
public record TokenizeConfig(
    int vocabulary,
    int maxTokens,
    boolean lowercase,
    int minFrequency,
    int maxTokenCharacters,
    LongTexts.Keep longTexts,
    double windowOverlap,
    int maxWindows,
    String tokenizer,
    SynonymCopies synonyms) {
  /**
   * Sets what a Han character counts for in the length of a token: a Chinese word of four
   * characters says about as much as an English one of sixteen, and runs of Han characters are
   * clauses, of which longer tokens would be whole phrases that a small corpus holds once or twice.
   */
  public static final int HAN_CHARACTERS = 4;

  /** Limits what windows repeat: at 0.9 every token is already read ten times. */
  private static final double MOST_OVERLAP = 0.9;

  /**
   * Configures copies of training documents with words replaced by synonyms.
   *
   * @param file a list of synonyms, a path or a URI; empty for no copies
   * @param share of the occurrences of a word of the list that are replaced; 0 for no copies
   * @param copies of a document, at most
   * @param seed of what is replaced
   */
  public record SynonymCopies(String file, double share, int copies, long seed)
      implements Serializable {
    private static final long serialVersionUID = 1;

    public static final SynonymCopies NONE = new SynonymCopies("", 0, 1, 0);

    /** Limits the copies: each costs in training what a document of its own would cost. */
    private static final int MOST_COPIES = 10;

    public SynonymCopies {
      file = file == null ? "" : file;
      require(share >= 0 && share <= 1, "synonyms.share must be in [0, 1], got %s", share);
      require(
          copies >= 1 && copies <= MOST_COPIES,
          "synonyms.copies must be in [1, %d], got %d",
          MOST_COPIES,
          copies);
    }

    boolean areWanted() {
      return !file.isEmpty() && share > 0;
    }
  }

  public TokenizeConfig {
    require(
        vocabulary >= 16 && vocabulary <= 1_000_000,
        "vocabulary must be in [16, 1000000], got %d",
        vocabulary);
    require(
        maxTokens >= 1 && maxTokens <= 100_000,
        "max-tokens must be in [1, 100000], got %d",
        maxTokens);
    require(minFrequency >= 1, "min-frequency must be at least 1, got %d", minFrequency);
    require(
        maxTokenCharacters >= 1 && maxTokenCharacters <= WordCounts.LONGEST_WORD,
        "max-token-characters must be in [1, %d], got %d",
        WordCounts.LONGEST_WORD,
        maxTokenCharacters);
    require(longTexts != null, "long-texts must be head, head-and-tail or windows");
    require(
        windowOverlap >= 0 && windowOverlap <= MOST_OVERLAP,
        "window-overlap must be in [0, %s], got %s",
        MOST_OVERLAP,
        windowOverlap);
    require(
        maxWindows >= 1 && maxWindows <= LongTexts.MOST_WINDOWS,
        "max-windows must be in [1, %d], got %d",
        LongTexts.MOST_WINDOWS,
        maxWindows);
    tokenizer = tokenizer == null ? "" : tokenizer;
    synonyms = synonyms == null ? SynonymCopies.NONE : synonyms;
  }

  /** Makes a configuration that leaves out the middle of long documents. */
  TokenizeConfig(
      int vocabulary, int maxTokens, boolean lowercase, int minFrequency, int maxTokenCharacters) {
    this(
        vocabulary,
        maxTokens,
        lowercase,
        minFrequency,
        maxTokenCharacters,
        LongTexts.Keep.HEAD_AND_TAIL,
        0,
        1,
        "",
        SynonymCopies.NONE);
  }

  /** Returns the same with long documents read in windows. */
  TokenizeConfig inWindows(double overlap, int most) {
    return new TokenizeConfig(
        vocabulary,
        maxTokens,
        lowercase,
        minFrequency,
        maxTokenCharacters,
        LongTexts.Keep.WINDOWS,
        overlap,
        most,
        tokenizer,
        synonyms);
  }

  /** Returns the same with a file instead of training. */
  TokenizeConfig taking(String file) {
    return with(file, synonyms);
  }

  /** Returns the same with copies of training documents. */
  TokenizeConfig copying(SynonymCopies copies) {
    return with(tokenizer, copies);
  }

  private TokenizeConfig with(String file, SynonymCopies copies) {
    return new TokenizeConfig(
        vocabulary,
        maxTokens,
        lowercase,
        minFrequency,
        maxTokenCharacters,
        longTexts,
        windowOverlap,
        maxWindows,
        file,
        copies);
  }

  /** Returns what is read of a long document. */
  LongTexts reading() {
    return switch (longTexts) {
      case HEAD -> new LongTexts(LongTexts.Keep.HEAD, 0, 1);
      case HEAD_AND_TAIL -> LongTexts.HEAD_AND_TAIL;
      case WINDOWS -> new LongTexts(LongTexts.Keep.WINDOWS, windowOverlap, maxWindows);
    };
  }
}
