package io.attune.pipeline.stage.tokenize;

import java.util.Arrays;

/** Holds words as token ids, one after the other in one array; a word never becomes longer. */
final class TokenizedWords {
  private final int[] tokens;
  private final int[] starts;
  private final int[] sizes;
  private final long[] counts;
  private int words;
  private int used;

  /**
   * Makes room.
   *
   * @param words how many there will be
   * @param tokens of all of them
   */
  TokenizedWords(int words, int tokens) {
    this.tokens = new int[tokens];
    starts = new int[words];
    sizes = new int[words];
    counts = new long[words];
  }

  /** Adds a word with its occurrences, and returns its number. */
  int add(int[] word, int size, long count) {
    System.arraycopy(word, 0, tokens, used, size);
    starts[words] = used;
    sizes[words] = size;
    counts[words] = count;
    used += size;
    return words++;
  }

  int size(int word) {
    return sizes[word];
  }

  long count(int word) {
    return counts[word];
  }

  int token(int word, int place) {
    return tokens[starts[word] + place];
  }

  void copy(int word, int[] to) {
    System.arraycopy(tokens, starts[word], to, 0, sizes[word]);
  }

  /** Replaces the tokens of a word by no more of them. */
  void set(int word, int[] by, int size) {
    System.arraycopy(by, 0, tokens, starts[word], size);
    sizes[word] = size;
  }

  /** Returns the number of tokens that a word and another, of another size, begin with. */
  int commonPrefix(int word, int[] other, int size) {
    int start = starts[word];
    int mismatch = Arrays.mismatch(tokens, start, start + sizes[word], other, 0, size);
    return mismatch < 0 ? size : mismatch;
  }

  /** Returns the number of tokens that a word and a shorter one end with. */
  int commonSuffix(int word, int[] shorter, int size) {
    int end = starts[word] + sizes[word];
    int common = 0;
    while (common < size && tokens[end - 1 - common] == shorter[size - 1 - common]) {
      common++;
    }
    return common;
  }
}
