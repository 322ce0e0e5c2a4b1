package io.attune.pipeline.stage.clean;

import io.attune.pipeline.text.Signs;
import io.attune.pipeline.text.WellFormed;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Judges whether a normalised text is fit for training. */
final class Validation {
  static final String TOO_SHORT = "too-short";
  static final String TOO_LONG = "too-long";
  static final String BROKEN_ENCODING = "broken-encoding";

  /** Lists the reasons for which a text is rejected by itself, whatever other texts there are. */
  static final Set<String> REASONS = Set.of(TOO_SHORT, TOO_LONG, BROKEN_ENCODING);

  private static final int BOXES = 0x2500;
  private static final int AFTER_BLOCKS = 0x25A0;

  private Validation() {}

  /** Holds why a text is rejected: a stable word, and a sentence with the value. */
  record Fault(String reason, String detail) {}

  /**
   * Returns why a text is rejected; empty if it is fit.
   *
   * @param text with its title, never null
   */
  static Optional<Fault> faultOf(String text, CleanConfig config) {
    long meaningful = meaningful(text, config.minCharacters());
    if (meaningful < config.minCharacters()) {
      meaningful += Signs.emoticons(text);
    }
    if (meaningful < config.minCharacters()) {
      return Optional.of(
          new Fault(
              TOO_SHORT,
              "%,d letters, digits, symbols, emoji and emoticons are left of it"
                  .formatted(meaningful)));
    }
    int characters = text.codePointCount(0, text.length());
    if (characters > config.maxCharacters()) {
      return Optional.of(
          new Fault(TOO_LONG, "%,d characters are more than a document has".formatted(characters)));
    }
    double broken = (double) broken(text) / characters;
    return broken > config.maxBrokenShare()
        ? Optional.of(
            new Fault(
                BROKEN_ENCODING,
                String.format(
                    Locale.ROOT, "%.1f %% of its characters could not be decoded", 100 * broken)))
        : Optional.empty();
  }

  /**
   * Counts the characters that carry meaning: letters, ideographs and digits of any script, emoji
   * and other symbols; not punctuation, the signs of ASCII, lines of boxes, and white space.
   *
   * @param most at which counting ends
   */
  private static long meaningful(String text, long most) {
    return text.codePoints().filter(Validation::isMeaningful).limit(most).count();
  }

  private static boolean isMeaningful(int point) {
    return switch (Character.getType(point)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER ->
          true;
      case Character.OTHER_SYMBOL ->
          point != WellFormed.REPLACEMENT && (point < BOXES || point >= AFTER_BLOCKS);
      case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL -> point > 0x7F;
      default -> false;
    };
  }

  /** Counts the characters that stand for bytes that could not be decoded. */
  static long broken(String text) {
    return text.indexOf(WellFormed.REPLACEMENT) < 0
        ? 0
        : text.chars().filter(c -> c == WellFormed.REPLACEMENT).count();
  }
}
