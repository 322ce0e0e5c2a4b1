package io.attune.pipeline.stage.tokenize;

import java.util.Arrays;

/** Orders pairs by their counts, the most frequent first, equal ones by the ids of the pair. */
final class PairQueue {
  private long[] pairs = new long[1 << 10]; // a binary heap
  private long[] counts = new long[1 << 10];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  long firstPair() {
    return pairs[0];
  }

  long firstCount() {
    return counts[0];
  }

  void add(long pair, long count) {
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, size + size / 2);
      counts = Arrays.copyOf(counts, size + size / 2);
    }
    int at = size++;
    for (int parent = (at - 1) / 2;
        at > 0 && isBefore(pair, count, parent);
        parent = (at - 1) / 2) {
      move(parent, at);
      at = parent;
    }
    put(at, pair, count);
  }

  void removeFirst() {
    size--;
    long pair = pairs[size];
    long count = counts[size];
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBefore(pairs[child + 1], counts[child + 1], child)) {
        child++;
      }
      if (isBefore(pair, count, child)) {
        break;
      }
      move(child, at);
      at = child;
    }
    put(at, pair, count);
  }

  private boolean isBefore(long pair, long count, int other) {
    return count != counts[other] ? count > counts[other] : pair < pairs[other];
  }

  private void move(int from, int to) {
    put(to, pairs[from], counts[from]);
  }

  private void put(int at, long pair, long count) {
    pairs[at] = pair;
    counts[at] = count;
  }
}
