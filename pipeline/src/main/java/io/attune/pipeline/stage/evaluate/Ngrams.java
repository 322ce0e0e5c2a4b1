package io.attune.pipeline.stage.evaluate;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits a text into words and pairs of words. A word is a run of letters, digits, marks and
 * underscores, in lower case; in scripts that put no spaces between words (Chinese characters,
 * kana, Hangul) every character is one.
 */
final class Ngrams {
  private Ngrams() {}

  /**
   * Returns every word and every pair of neighbours, in the order of the text, repeats included.
   */
  static List<String> of(String text) {
    List<String> words = words(text);
    List<String> ngrams = new ArrayList<>(2 * words.size());
    ngrams.addAll(words);
    for (int i = 1; i < words.size(); i++) {
      ngrams.add(words.get(i - 1) + " " + words.get(i));
    }
    return ngrams;
  }

  static List<String> words(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    int start = -1;
    int place = 0;
    while (place < lower.length()) {
      int point = lower.codePointAt(place);
      boolean alone = standsAlone(point);
      if (alone || !isPartOfWord(point)) {
        addWord(words, lower, start, place);
        start = -1;
      } else if (start < 0) {
        start = place;
      }
      int next = place + Character.charCount(point);
      if (alone) {
        words.add(lower.substring(place, next));
      }
      place = next;
    }
    addWord(words, lower, start, place);
    return words;
  }

  private static void addWord(List<String> words, String text, int start, int end) {
    if (start >= 0) {
      words.add(text.substring(start, end));
    }
  }

  private static boolean isPartOfWord(int point) {
    int type = Character.getType(point);
    return Character.isLetterOrDigit(point)
        || point == '_'
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean standsAlone(int point) {
    if (point < 0x1100) { // below the first Hangul character
      return false;
    }
    UnicodeScript script = UnicodeScript.of(point);
    return script == UnicodeScript.HAN
        || script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || script == UnicodeScript.HANGUL;
  }
}
