package io.attune.pipeline.linear;

import java.util.Arrays;

/** Counts hashes, in a table of open addressing. */
final class LongCounter {
  private long[] keys = new long[1 << 10];
  private int[] counts = new int[1 << 10]; // 0 where a place is free
  private int size;

  void add(long key, int count) {
    int place = place(keys, counts, key);
    if (counts[place] == 0) {
      keys[place] = key;
      size++;
    }
    counts[place] += count;
    if (2 * size > keys.length) {
      grow();
    }
  }

  /** Returns the hashes that were counted at least so often. */
  DocumentCounts atLeast(int least) {
    long[] found = new long[size];
    int[] often = new int[size];
    int kept = 0;
    for (int place = 0; place < keys.length; place++) {
      if (counts[place] >= least && counts[place] > 0) {
        found[kept] = keys[place];
        often[kept++] = counts[place];
      }
    }
    return new DocumentCounts(Arrays.copyOf(found, kept), Arrays.copyOf(often, kept));
  }

  private void grow() {
    long[] moreKeys = new long[2 * keys.length];
    int[] moreCounts = new int[2 * keys.length];
    for (int old = 0; old < keys.length; old++) {
      if (counts[old] > 0) {
        int place = place(moreKeys, moreCounts, keys[old]);
        moreKeys[place] = keys[old];
        moreCounts[place] = counts[old];
      }
    }
    keys = moreKeys;
    counts = moreCounts;
  }

  /** Returns the place of a key, or the free place where it belongs. */
  private static int place(long[] keys, int[] counts, long key) {
    int mask = keys.length - 1;
    int place = (int) (key ^ (key >>> 32)) & mask;
    while (counts[place] != 0 && keys[place] != key) {
      place = (place + 1) & mask;
    }
    return place;
  }
}
