package io.attune.pipeline.linear;

import java.util.Arrays;
import java.util.Locale;

/**
 * Turns a text into the 64-bit hashes of its n-grams: 1-2 grams of words, 1-3 grams of characters.
 *
 * <p>A word is a run of letters with at most one apostrophe inside, a run of digits, or any other
 * single character that is not a space. Among characters a run of spaces counts as one space. All
 * are in lower case; no n-gram spans two of the {@link ScriptRuns}. Of a million n-grams two share
 * a hash with a probability of one in forty million.
 */
final class NgramHashes implements ScriptRuns.Reader {
  private static final long WORD = 0x9E3779B97F4A7C15L;
  private static final long CHARACTER = 0xC2B2AE3D27D4EB4FL;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final int APOSTROPHE = '\'';

  private long[] hashes;
  private int size;

  private NgramHashes(int points) {
    hashes = new long[16 + 2 * points];
  }

  /** Returns the hash of every n-gram in rising order, repeats included. */
  static long[] of(String text) {
    int[] points = text.toLowerCase(Locale.ROOT).codePoints().toArray();
    NgramHashes all = new NgramHashes(points.length);
    ScriptRuns.read(points, all);
    long[] sorted = Arrays.copyOf(all.hashes, all.size);
    Arrays.sort(sorted);
    return sorted;
  }

  @Override
  public void words(int[] points, int from, int to) {
    long previous = 0;
    boolean first = true;
    int start = from;
    while (start < to) {
      if (isSpace(points[start])) {
        start++;
        continue;
      }
      int end = wordEnd(points, start, to);
      long word = hash(points, start, end);
      add(word);
      if (!first) {
        add(pair(previous, word));
      }
      first = false;
      previous = word;
      start = end;
    }
  }

  @Override
  public void characters(int[] points, int from, int to) {
    long beforePrevious = 0;
    long previous = 0;
    int seen = 0;
    for (int i = from; i < to; i++) {
      boolean space = isSpace(points[i]);
      if (space && i > from && isSpace(points[i - 1])) {
        continue;
      }
      long character = mix(CHARACTER + (space ? ' ' : points[i]));
      add(character);
      if (seen >= 1) {
        add(pair(previous, character));
      }
      if (seen >= 2) {
        add(pair(pair(beforePrevious, previous), character));
      }
      beforePrevious = previous;
      previous = character;
      seen++;
    }
  }

  private static int wordEnd(int[] points, int start, int to) {
    if (Character.isDigit(points[start])) {
      int end = start + 1;
      while (end < to && Character.isDigit(points[end])) {
        end++;
      }
      return end;
    }
    if (!Character.isLetter(points[start])) {
      return start + 1;
    }
    int end = lettersEnd(points, start, to);
    boolean goesOn =
        end + 1 < to && points[end] == APOSTROPHE && Character.isLetter(points[end + 1]);
    return goesOn ? lettersEnd(points, end + 1, to) : end;
  }

  private static int lettersEnd(int[] points, int start, int to) {
    int end = start + 1;
    while (end < to && (Character.isLetter(points[end]) || isMark(points[end]))) {
      end++;
    }
    return end;
  }

  private static boolean isMark(int point) {
    int type = Character.getType(point);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isSpace(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point);
  }

  private void add(long hash) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size + (size >> 1));
    }
    hashes[size++] = hash;
  }

  /** Computes FNV-1a over code points, mixed so that all bits depend on all points. */
  private static long hash(int[] points, int start, int end) {
    long hash = WORD;
    for (int i = start; i < end; i++) {
      hash = (hash ^ points[i]) * FNV_PRIME;
    }
    return mix(hash);
  }

  private static long pair(long first, long second) {
    return mix(first * FNV_PRIME + Long.rotateLeft(second, 31) * WORD);
  }

  /** Applies the finaliser of MurmurHash3. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
