package io.attune.pipeline.copies;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads texts as copies are compared: in compatibility form (Unicode NFKC), lower case, letters
 * with their marks and digits only. Without marks the vowels of Indic scripts would be lost.
 */
final class Letters {
  private static final int PROLONGED_SOUND_MARK = 0x30FC;

  private Letters() {}

  /** Returns the letters and digits of a text without anything between; the text if it has none. */
  static String key(String text) {
    String normal = normal(text);
    StringBuilder key = new StringBuilder(normal.length());
    boolean inside = false;
    for (int at = 0; at < normal.length(); ) {
      int point = normal.codePointAt(at);
      at += Character.charCount(point);
      inside = Character.isLetterOrDigit(point) || (inside && isMark(point));
      if (inside) {
        key.appendCodePoint(point);
      }
    }
    return key.isEmpty() ? text : key.toString();
  }

  /**
   * Holds the units that shingles are made of.
   *
   * @param words runs of letters and digits; of scripts without spaces each character
   * @param areMostlyCharacters whether at least half of them are characters of such scripts
   */
  record Units(List<String> words, boolean areMostlyCharacters) {}

  /** Returns the units of a text, in order. */
  static Units units(String text) {
    String normal = normal(text);
    List<String> units = new ArrayList<>();
    StringBuilder unit = new StringBuilder();
    int characters = 0;
    for (int at = 0; at < normal.length(); ) {
      int point = normal.codePointAt(at);
      at += Character.charCount(point);
      boolean isMark = !unit.isEmpty() && isMark(point);
      boolean isLetter = Character.isLetterOrDigit(point);
      boolean isAlone = isLetter && isWithoutSpaces(point);
      if (!isMark && (isAlone || !isLetter || endsWithCharacter(unit))) {
        flush(unit, units);
      }
      if (isMark || isLetter) {
        unit.appendCodePoint(point);
      }
      characters += isAlone ? 1 : 0;
    }
    flush(unit, units);
    return new Units(units, 2 * characters >= units.size());
  }

  private static String normal(String text) {
    String compatible =
        Normalizer.isNormalized(text, Normalizer.Form.NFKC)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFKC);
    return compatible.toLowerCase(Locale.ROOT);
  }

  private static void flush(StringBuilder unit, List<String> units) {
    if (!unit.isEmpty()) {
      units.add(unit.toString());
      unit.setLength(0);
    }
  }

  private static boolean endsWithCharacter(StringBuilder unit) {
    return !unit.isEmpty() && isWithoutSpaces(unit.codePointAt(0));
  }

  private static boolean isMark(int point) {
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
