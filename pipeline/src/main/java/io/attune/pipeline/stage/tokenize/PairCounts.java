package io.attune.pipeline.stage.tokenize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Counts how often each pair of neighbouring tokens occurs, and in which words. It is updated while
 * words change, so that the most frequent pair is found without counting again.
 */
final class PairCounts {
  /** Holds a queue entry; it is stale if the pair was counted again since. */
  private record Candidate(long pair, long count) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) { // most frequent first; ties by the ids of the pair
      int byCount = Long.compare(other.count, count);
      return byCount != 0 ? byCount : Long.compare(pair, other.pair);
    }
  }

  private static final class Pair {
    private long count;
    private int[] words = new int[2];
    private int size;
    private boolean grown;
  }

  /**
   * Holds the number of bits of the right id. It is not 32, because the hash of a long would then
   * be left xor right, which gives a million pairs no more hashes than there are tokens.
   */
  private static final int RIGHT_BITS = 20; // tokenize.vocabulary is at most a million

  static final long NONE = -1;

  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
  private final List<Long> grown = new ArrayList<>();

  static long pair(int left, int right) {
    return (long) left << RIGHT_BITS | right;
  }

  static int left(long pair) {
    return (int) (pair >>> RIGHT_BITS);
  }

  static int right(long pair) {
    return (int) (pair & ((1 << RIGHT_BITS) - 1));
  }

  /** Counts {@code count} more occurrences of a pair in a word that may hold it already. */
  void add(long pair, long count, int word) {
    Pair found = pairs.computeIfAbsent(pair, absent -> new Pair());
    found.count += count;
    if (!found.grown) {
      found.grown = true;
      grown.add(pair);
    }
    if (found.size > 0 && found.words[found.size - 1] == word) {
      return;
    }
    if (found.size == found.words.length) {
      found.words = Arrays.copyOf(found.words, 2 * found.size);
    }
    found.words[found.size++] = word;
  }

  void subtract(long pair, long count) {
    Pair found = pairs.get(pair);
    found.count -= count;
    if (found.count == 0) {
      pairs.remove(pair);
    }
  }

  /**
   * Returns the most frequent pair, or {@link #NONE} if none occurs at least {@code minFrequency}
   * times.
   */
  long mostFrequent(long minFrequency) {
    for (long pair : grown) {
      Pair found = pairs.get(pair);
      if (found == null) {
        continue;
      }
      found.grown = false;
      if (found.count >= minFrequency) {
        queue.add(new Candidate(pair, found.count));
      }
    }
    grown.clear();
    while (!queue.isEmpty()) {
      Candidate top = queue.poll();
      Pair found = pairs.get(top.pair());
      long count = found == null ? 0 : found.count;
      if (count == top.count()) {
        return top.pair();
      }
      if (count >= minFrequency && count < top.count()) {
        queue.add(new Candidate(top.pair(), count));
      }
    }
    return NONE;
  }

  /**
   * Returns the words that hold the pair, and possibly some that no longer do; a word may occur
   * twice.
   */
  int[] wordsWith(long pair) {
    Pair found = pairs.get(pair);
    return Arrays.copyOf(found.words, found.size);
  }
}
