package io.attune.pipeline.stage.tokenize;

import java.util.Arrays;

/**
 * Numbers pairs from 0, without gaps beside those of pairs that were removed, which are used again.
 * A hash table with linear probing.
 */
final class PairIndex {
  private static final long FREE = 0; // no pair: tokens of words are above the special ones
  private static final long REMOVED = -1;

  private long[] pairs = new long[1 << 11];
  private int[] numbers = new int[1 << 11];
  private int used; // places that are not free
  private int next;
  private int[] spare = new int[1 << 8];
  private int spares;

  /** Returns the numbers that were given so far, those of removed pairs included. */
  int numbers() {
    return next;
  }

  /** Returns the number of a pair; -1 if it has none. */
  int find(long pair) {
    int place = place(pair);
    return pairs[place] == pair ? numbers[place] : -1;
  }

  int findOrAdd(long pair) {
    int place = place(pair);
    if (pairs[place] == pair) {
      return numbers[place];
    }
    if (used >= pairs.length - pairs.length / 4) {
      rehash();
      place = place(pair);
    }
    used++;
    pairs[place] = pair;
    numbers[place] = spares > 0 ? spare[--spares] : next++;
    return numbers[place];
  }

  void remove(long pair) {
    int place = place(pair);
    pairs[place] = REMOVED;
    spare = spares == spare.length ? Arrays.copyOf(spare, 2 * spares) : spare;
    spare[spares++] = numbers[place];
  }

  /** Returns where a pair is, or the free place where it belongs. */
  private int place(long pair) {
    int mask = pairs.length - 1;
    int place = hash(pair) & mask;
    while (pairs[place] != pair && pairs[place] != FREE) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void rehash() {
    long[] before = pairs;
    int[] numbersBefore = numbers;
    int there = next - spares;
    int length = there > before.length / 2 ? 2 * before.length : before.length;
    pairs = new long[length];
    numbers = new int[length];
    used = there;
    for (int i = 0; i < before.length; i++) {
      if (before[i] != FREE && before[i] != REMOVED) {
        int place = place(before[i]);
        pairs[place] = before[i];
        numbers[place] = numbersBefore[i];
      }
    }
  }

  /** Mixes all bits (the finaliser of MurmurHash3). */
  private static int hash(long pair) {
    long mixed = (pair ^ (pair >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return (int) (mixed ^ (mixed >>> 33));
  }
}
