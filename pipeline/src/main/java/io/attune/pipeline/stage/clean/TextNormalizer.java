package io.attune.pipeline.stage.clean;

import io.attune.pipeline.text.WellFormed;
import java.text.Normalizer;

/** Converts a text to the single form in which it is compared, used for training and shown. */
final class TextNormalizer {
  private TextNormalizer() {}

  /**
   * Removes markup and decodes its character references, removes invisible and control characters,
   * composes characters (Unicode NFC), and makes every run of white space one space.
   *
   * @return null for null, never blank: null also where nothing is left
   */
  static String normalize(String text, Changes changes) {
    return text == null ? null : oneLine(lines(text, changes));
  }

  /**
   * Normalises a text but keeps its lines, with a line feed between two of them and no empty ones.
   */
  static String lines(String text, Changes changes) {
    if (isNormal(text)) {
      return text;
    }
    String plain = WellFormed.of(Markup.removed(text, changes));
    String visible = InvisibleCharacters.removed(plain, changes);
    return withSingleSpaces(Normalizer.normalize(visible, Normalizer.Form.NFC));
  }

  /** Returns whether a text is normal as it is: visible ASCII without markup, singly spaced. */
  private static boolean isNormal(String text) {
    char before = ' ';
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c < ' ' || c > '~' || c == '<' || c == '&' || (c == ' ' && before == ' ')) {
        return false;
      }
      before = c;
    }
    return before != ' ' || text.isEmpty();
  }

  /**
   * Returns whether a text that was not normalised may have several lines: it ends some, or holds
   * what markup can end one with. False where {@link #lines} returns a single one.
   */
  static boolean mayHaveLines(String text) {
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '<' || c == '&' || endsLine(c)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the lines as one; null if they are empty. */
  static String oneLine(String lines) {
    return lines.isEmpty() ? null : lines.replace('\n', ' ');
  }

  /**
   * Makes every run of white space one space, or one line feed if a line ends in it, and none at
   * the start and the end.
   */
  static String withSingleSpaces(String text) {
    if (hasSingleSpaces(text)) {
      return text;
    }
    StringBuilder spaced = new StringBuilder(text.length());
    char pending = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (InvisibleCharacters.isSpace(c)) {
        pending = pending == '\n' || endsLine(c) ? '\n' : ' ';
        continue;
      }
      if (pending != 0 && !spaced.isEmpty()) {
        spaced.append(pending);
      }
      pending = 0;
      spaced.append(c);
    }
    return spaced.toString();
  }

  /** Returns whether all white space is one space between two other characters, as mostly it is. */
  private static boolean hasSingleSpaces(String text) {
    boolean isAfterSpace = true;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean isSpace = InvisibleCharacters.isSpace(c);
      if (isSpace && (isAfterSpace || c != ' ')) {
        return false;
      }
      isAfterSpace = isSpace;
    }
    return !isAfterSpace || text.isEmpty();
  }

  private static boolean endsLine(char c) {
    return (c >= '\n' && c <= '\r') || c == '\u0085' || c == '\u2028' || c == '\u2029';
  }
}
