package io.attune.pipeline.text;

import java.util.Arrays;

/** Maps numbers to numbers without boxing. Filled by one thread, then read by any. */
final class LongMap {
  static final int ABSENT = -1;

  private long[] keys = new long[16];
  private int[] values = absent(16); // ABSENT where there is no key
  private int size;

  /**
   * Sets the value of a key.
   *
   * @param value at least 0
   */
  void put(long key, int value) {
    int slot = slot(key);
    if (values[slot] == ABSENT) {
      if (2 * size >= keys.length) {
        grow();
        slot = slot(key);
      }
      size++;
      keys[slot] = key;
    }
    values[slot] = value;
  }

  /** Returns the value of a key, {@link #ABSENT} where it has none. */
  int get(long key) {
    return values[slot(key)];
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L; // 2^64 by the golden ratio (Knuth, vol. 3, 6.4)
    int mask = keys.length - 1;
    int slot = (int) (mixed >>> 32) & mask;
    while (values[slot] != ABSENT && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = absent(keys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != ABSENT) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }

  private static int[] absent(int length) {
    int[] values = new int[length];
    Arrays.fill(values, ABSENT);
    return values;
  }
}
