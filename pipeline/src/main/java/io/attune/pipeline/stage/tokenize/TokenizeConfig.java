package io.attune.pipeline.stage.tokenize;

import static io.attune.schemas.Requirements.require;

/**
 * Configures how the tokenizer is trained and used.
 *
 * @param vocabulary most token ids, special ones included; a small corpus ends below it
 * @param maxTokens of a document; the middle of a longer one is left out
 * @param lowercase whether upper and lower case are one
 * @param minFrequency least occurrences of a character to be known and of a pair to be merged
 * @param maxTokenCharacters longest token, in characters, a Han character counting for {@link
 *     #HAN_CHARACTERS}; 1 makes a tokenizer of characters
 */
public record TokenizeConfig(
    int vocabulary, int maxTokens, boolean lowercase, int minFrequency, int maxTokenCharacters) {
  /**
   * Sets what a Han character counts for in the length of a token: a Chinese word of four
   * characters says about as much as an English one of sixteen, and runs of Han characters are
   * clauses, of which longer tokens would be whole phrases that a small corpus holds once or twice.
   */
  public static final int HAN_CHARACTERS = 4;

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
  }
}
