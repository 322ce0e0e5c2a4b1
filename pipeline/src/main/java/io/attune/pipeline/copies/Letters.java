package io.attune.pipeline.copies;

import io.attune.pipeline.text.Signs;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Reads texts as copies are compared: in compatibility form (Unicode NFKC), lower case, letters
 * with their marks, digits, and for exact copies {@link Signs}. Without marks the vowels of Indic
 * scripts would be lost.
 */
final class Letters {
  private static final int PROLONGED_SOUND_MARK = 0x30FC;

  /** Is the first combining mark: no character before it is one. */
  private static final int FIRST_MARK = 0x0300;

  private static final int ASCII = 0x80;
  private static final boolean[] IS_LETTER_OF_ASCII = new boolean[ASCII];

  static {
    for (int point = 0; point < ASCII; point++) {
      IS_LETTER_OF_ASCII[point] = Character.isLetterOrDigit(point);
    }
  }

  private final String text;

  /** Holds the text in compatibility form and lower case. */
  private final char[] normal;

  private Letters(String text, String normal) {
    this.text = text;
    this.normal = normal.toCharArray();
  }

  /** Reads a text. */
  static Letters of(String text) {
    String compatible =
        isAscii(text) || Normalizer.isNormalized(text, Normalizer.Form.NFKC)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFKC);
    return new Letters(text, compatible.toLowerCase(Locale.ROOT));
  }

  private static boolean isAscii(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) >= ASCII) {
        return false;
      }
    }
    return true;
  }

  /** Returns letters, digits and signs without anything between; the text if it has none. */
  String key() {
    char[] key = new char[normal.length];
    Signs signs = Signs.of(normal);
    int length = 0;
    boolean inside = false;
    for (int at = 0; at < normal.length; ) {
      char c = normal[at];
      if (c < ASCII && (IS_LETTER_OF_ASCII[c] || !Signs.mayCount(c))) {
        inside = IS_LETTER_OF_ASCII[c];
        if (inside) {
          key[length++] = c;
        }
        at++;
        continue;
      }
      int point = pointAt(at);
      inside = isLetter(point) || (inside && isMark(point));
      int end = at + Character.charCount(point);
      if (inside) {
        for (; at < end; at++) {
          key[length++] = normal[at];
        }
        continue;
      }
      int signEnd = Signs.mayCount(point) ? signs.end(at) : at;
      if (signEnd > at) {
        key[length++] = Signs.plain(normal[at]);
        if (signEnd - at > 1) {
          key[length++] = normal[signEnd - 1];
        }
      }
      at = Math.max(end, signEnd);
    }
    return length == 0 ? text : new String(key, 0, length);
  }

  /** Receives the units that shingles are made of, in order. */
  @FunctionalInterface
  interface Units {
    /** Receives a unit: the characters of a text from a place up to another. */
    void add(char[] text, int start, int end);
  }

  /**
   * Hands over the units of the text: runs of letters and digits; of scripts without spaces each
   * character.
   *
   * @return whether at least half of them are characters of such scripts
   */
  boolean units(Units units) {
    int characters = 0;
    int number = 0;
    int start = -1;
    boolean isCharacter = false;
    for (int at = 0; at < normal.length; ) {
      int point = pointAt(at);
      boolean isMark = start >= 0 && isMark(point);
      boolean isLetter = isLetter(point);
      boolean isAlone = isLetter && isWithoutSpaces(point);
      if (start >= 0 && !isMark && (isAlone || isCharacter || !isLetter)) {
        units.add(normal, start, at);
        start = -1;
      }
      if (start < 0 && isLetter) {
        start = at;
        isCharacter = isAlone;
        number++;
        characters += isAlone ? 1 : 0;
      }
      at += Character.charCount(point);
    }
    if (start >= 0) {
      units.add(normal, start, normal.length);
    }
    return 2 * characters >= number;
  }

  private int pointAt(int at) {
    char c = normal[at];
    return Character.isHighSurrogate(c) ? Character.codePointAt(normal, at) : c;
  }

  private static boolean isLetter(int point) {
    return point < ASCII ? IS_LETTER_OF_ASCII[point] : Character.isLetterOrDigit(point);
  }

  private static boolean isMark(int point) {
    if (point < FIRST_MARK) {
      return false;
    }
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK ->
          UnicodeScript.of(point) != UnicodeScript.INHERITED || point < 0xFE00; // no selectors
      default -> false;
    };
  }

  private static boolean isWithoutSpaces(int point) {
    if (point < 0x0E00) {
      return false;
    }
    return switch (UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> point == PROLONGED_SOUND_MARK;
    };
  }
}
