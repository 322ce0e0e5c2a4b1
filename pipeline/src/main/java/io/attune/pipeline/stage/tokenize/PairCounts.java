package io.attune.pipeline.stage.tokenize;

import java.util.Arrays;

/**
 * Counts how often each pair of neighbouring tokens occurs, and in which words. It is updated while
 * words change, so that the most frequent pair is found without counting again.
 *
 * <p>All is in arrays of primitives: a pair takes about 50 bytes, and an occurrence 4 to 16.
 */
final class PairCounts {
  /** Tells whether a word holds a pair. */
  @FunctionalInterface
  interface Occurrence {
    boolean isIn(int word, long pair);
  }

  /**
   * Holds the number of bits of the right id. It is not 32, because the hash of a long would then
   * be left xor right, which gives a million pairs no more hashes than there are tokens.
   */
  private static final int RIGHT_BITS = 20; // tokenize.vocabulary is at most a million

  static final long NONE = -1;

  /** Lists of fewer words are never cleaned of those that no longer hold their pair. */
  private static final int SMALL = 64;

  private final Occurrence occurrence;
  private final PairIndex index = new PairIndex();
  private final PairQueue queue = new PairQueue();
  // By the number that the index gives to a pair.
  private long[] counts = new long[1 << 10];
  private int[] occurrences = new int[1 << 10];
  private int[] sizes = new int[1 << 10];
  private int[][] words = new int[1 << 10][];
  private boolean[] isGrown = new boolean[1 << 10];
  private long[] grown = new long[1 << 10];
  private int grownSize;

  PairCounts(Occurrence occurrence) {
    this.occurrence = occurrence;
  }

  static long pair(int left, int right) {
    return (long) left << RIGHT_BITS | right;
  }

  static int left(long pair) {
    return (int) (pair >>> RIGHT_BITS);
  }

  static int right(long pair) {
    return (int) (pair & ((1 << RIGHT_BITS) - 1));
  }

  /** Makes room for one more occurrence of a pair, before any is added. */
  void expect(long pair) {
    int at = number(pair); // before the array is read: it may grow
    occurrences[at]++;
  }

  /** Makes the room that was asked for. */
  void allocate() {
    for (int at = 0; at < index.numbers(); at++) {
      words[at] = new int[occurrences[at]];
      occurrences[at] = 0;
    }
  }

  /** Counts {@code count} more occurrences of a pair in a word that may hold it already. */
  void add(long pair, long count, int word) {
    int at = number(pair);
    counts[at] += count;
    occurrences[at]++;
    if (!isGrown[at]) {
      isGrown[at] = true;
      grown = grownSize == grown.length ? Arrays.copyOf(grown, 2 * grownSize) : grown;
      grown[grownSize++] = pair;
    }
    if (sizes[at] > 0 && words[at][sizes[at] - 1] == word) {
      return;
    }
    if (words[at] == null) {
      words[at] = new int[1];
    }
    if (sizes[at] == words[at].length) {
      if (sizes[at] >= SMALL && occurrences[at] <= sizes[at] / 2) {
        clean(at, pair);
      } else {
        words[at] = Arrays.copyOf(words[at], sizes[at] + sizes[at] / 2 + 1);
      }
    }
    words[at][sizes[at]++] = word;
  }

  void subtract(long pair, long count) {
    int at = index.find(pair);
    counts[at] -= count;
    occurrences[at]--;
    if (counts[at] == 0) {
      index.remove(pair);
      sizes[at] = 0;
      words[at] = null;
      occurrences[at] = 0;
      isGrown[at] = false;
    } else if (sizes[at] >= SMALL && occurrences[at] < sizes[at] / 4) {
      clean(at, pair);
    }
  }

  /** Removes the words that no longer hold the pair; there are more of them than of others. */
  private void clean(int at, long pair) {
    int kept = 0;
    for (int i = 0; i < sizes[at]; i++) {
      if (occurrence.isIn(words[at][i], pair)) {
        words[at][kept++] = words[at][i];
      }
    }
    sizes[at] = kept;
    words[at] = Arrays.copyOf(words[at], kept + kept / 2 + 1);
  }

  private int number(long pair) {
    int at = index.findOrAdd(pair);
    if (at >= counts.length) {
      int length = counts.length + counts.length / 2;
      counts = Arrays.copyOf(counts, length);
      occurrences = Arrays.copyOf(occurrences, length);
      sizes = Arrays.copyOf(sizes, length);
      words = Arrays.copyOf(words, length);
      isGrown = Arrays.copyOf(isGrown, length);
    }
    return at;
  }

  private long countOf(long pair) {
    int at = index.find(pair);
    return at < 0 ? 0 : counts[at];
  }

  /**
   * Returns the most frequent pair, or {@link #NONE} if none occurs at least {@code minFrequency}
   * times; of equally frequent ones the first by its ids.
   */
  long mostFrequent(long minFrequency) {
    for (int i = 0; i < grownSize; i++) {
      int at = index.find(grown[i]);
      if (at >= 0 && isGrown[at]) {
        isGrown[at] = false;
        if (counts[at] >= minFrequency) {
          queue.add(grown[i], counts[at]);
        }
      }
    }
    grownSize = 0;
    while (!queue.isEmpty()) {
      long pair = queue.firstPair();
      long then = queue.firstCount();
      queue.removeFirst();
      long count = countOf(pair);
      if (count == then) {
        return pair;
      }
      if (count >= minFrequency && count < then) { // counted again since, and not in the queue
        queue.add(pair, count);
      }
    }
    return NONE;
  }

  /**
   * Returns the words that hold the pair, and possibly some that no longer do; a word may occur
   * twice.
   */
  int[] wordsWith(long pair) {
    int at = index.find(pair);
    return Arrays.copyOf(words[at], sizes[at]);
  }
}
