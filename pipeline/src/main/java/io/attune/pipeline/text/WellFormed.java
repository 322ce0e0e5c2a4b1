package io.attune.pipeline.text;

/** Makes strings well-formed UTF-16, which is what UTF-8 can hold. */
public final class WellFormed {
  /** Stands for what could not be decoded. */
  public static final char REPLACEMENT = '\uFFFD';

  private WellFormed() {}

  /**
   * Replaces every surrogate without its other half by U+FFFD. Encoding such a string as UTF-8
   * would give a question mark, which nobody could tell from one that the author wrote.
   *
   * @return the same string if it is well-formed
   */
  public static String of(String text) {
    int lone = nextLone(text, 0);
    if (lone == text.length()) {
      return text;
    }
    char[] chars = text.toCharArray();
    for (; lone < chars.length; lone = nextLone(text, lone + 1)) {
      chars[lone] = REPLACEMENT;
    }
    return new String(chars);
  }

  /** Returns the place of the first lone surrogate at {@code from} or later; the length if none. */
  private static int nextLone(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (!Character.isSurrogate(c)) {
        at++;
      } else if (Character.isHighSurrogate(c)
          && at + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(at + 1))) {
        at += 2;
      } else {
        return at;
      }
    }
    return text.length();
  }
}
