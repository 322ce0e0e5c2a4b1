package io.attune.pipeline.linear;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.Set;

/**
 * Splits a text into runs that are read by word and runs that are read by character.
 *
 * <p>Letters decide: those of scripts that put no spaces between words, and those of all others.
 * Other characters (digits, spaces, punctuation) belong to the letters around them, to the
 * characters where both kinds are near; a text without letters is read by word. So an English text
 * is one run of words, and a Chinese text, digits and spaces included, one run of characters.
 */
final class ScriptRuns {
  private static final byte NEUTRAL = 0;
  private static final byte WORDS = 1;
  private static final byte CHARACTERS = 2;

  /** Bounds the characters below which every script puts spaces between words: Thai is first. */
  private static final int FIRST_WITHOUT_SPACES = 0x0E00;

  private static final Set<UnicodeScript> WITHOUT_SPACES =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.HANGUL,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  private ScriptRuns() {}

  /** Receives the runs of a text in its order; each is the points of [from, to). */
  interface Reader {
    void words(int[] points, int from, int to);

    void characters(int[] points, int from, int to);
  }

  static void read(int[] points, Reader reader) {
    byte[] kinds = kinds(points);
    int from = 0;
    while (from < points.length) {
      int to = from + 1;
      while (to < points.length && kinds[to] == kinds[from]) {
        to++;
      }
      if (kinds[from] == CHARACTERS) {
        reader.characters(points, from, to);
      } else {
        reader.words(points, from, to);
      }
      from = to;
    }
  }

  private static byte[] kinds(int[] points) {
    byte[] kinds = new byte[points.length];
    int from = 0; // of the neutral points since the last letter
    byte before = NEUTRAL;
    for (int i = 0; i < points.length; i++) {
      byte kind = kind(points[i]);
      if (kind != NEUTRAL) {
        kinds[i] = kind;
        Arrays.fill(kinds, from, i, (byte) Math.max(before, kind));
        before = kind;
        from = i + 1;
      }
    }
    Arrays.fill(kinds, from, points.length, (byte) Math.max(before, WORDS));
    return kinds;
  }

  private static byte kind(int point) {
    if (point >= FIRST_WITHOUT_SPACES && WITHOUT_SPACES.contains(UnicodeScript.of(point))) {
      return CHARACTERS;
    }
    return Character.isLetter(point) ? WORDS : NEUTRAL;
  }
}
