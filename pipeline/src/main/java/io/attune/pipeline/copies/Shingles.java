package io.attune.pipeline.copies;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Makes the set of shingles of a text: hashes, of 64 bits, of neighbouring units. Words are taken
 * in threes and characters of scripts without spaces in fours. A set is its hashes, ascending, as
 * bytes; a text with fewer units than a shingle has none.
 */
final class Shingles {
  static final int WORDS = 3;
  static final int CHARACTERS = 4;

  private Shingles() {}

  /** Returns the set of a text. */
  static byte[] of(Letters text) {
    long[] shingles = inOrder(text);
    Arrays.sort(shingles);
    int distinct = 0;
    for (int i = 0; i < shingles.length; i++) {
      if (i == 0 || shingles[i] != shingles[i - 1]) {
        shingles[distinct++] = shingles[i];
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * distinct);
    bytes.asLongBuffer().put(shingles, 0, distinct);
    return bytes.array();
  }

  /** Returns the shingles of a text as they follow each other, the same as often as it is there. */
  static long[] inOrder(Letters text) {
    Hashes units = new Hashes();
    boolean areMostlyCharacters = text.units(units);
    int width = areMostlyCharacters ? CHARACTERS : WORDS;
    long[] hashes = units.of;
    long[] shingles = new long[Math.max(0, units.number - width + 1)];
    for (int i = 0; i < shingles.length; i++) {
      long shingle = width;
      for (int j = 0; j < width; j++) {
        shingle = mix(shingle * 0x9E3779B97F4A7C15L + hashes[i + j]);
      }
      shingles[i] = shingle;
    }
    return shingles;
  }

  /** Returns the hashes of a set. */
  static long[] hashes(byte[] set) {
    long[] hashes = new long[set.length / Long.BYTES];
    ByteBuffer.wrap(set).asLongBuffer().get(hashes);
    return hashes;
  }

  /** Returns the Jaccard similarity of two sets: shared over all; 0 where one is empty. */
  static double jaccard(byte[] one, byte[] other) {
    long[] a = hashes(one);
    long[] b = hashes(other);
    if (a.length == 0 || b.length == 0) {
      return 0;
    }
    int shared = 0;
    for (int i = 0, j = 0; i < a.length && j < b.length; ) {
      if (a[i] == b[j]) {
        shared++;
        i++;
        j++;
      } else if (a[i] < b[j]) {
        i++;
      } else {
        j++;
      }
    }
    return (double) shared / (a.length + b.length - shared);
  }

  /** Collects the hash of each unit. */
  private static final class Hashes implements Letters.Units {
    private long[] of = new long[128];
    private int number;

    @Override
    public void add(char[] text, int start, int end) {
      long hash = 0xCBF29CE484222325L; // FNV-1a
      for (int i = start; i < end; i++) {
        hash = (hash ^ text[i]) * 0x100000001B3L;
      }
      if (number == of.length) {
        of = Arrays.copyOf(of, 2 * number);
      }
      of[number++] = mix(hash);
    }
  }

  /** Mixes all bits into all bits: the end of SplitMix64 (Steele et al. 2014). */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
