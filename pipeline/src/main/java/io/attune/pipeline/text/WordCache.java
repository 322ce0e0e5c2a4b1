package io.attune.pipeline.text;

import java.util.Arrays;

/**
 * Keeps the tokens of the words that came last, so that a frequent word is cut once. Safe for use
 * by several threads without a lock: an entry never changes, and a newer one takes its place.
 */
final class WordCache {
  /** Holds the words of most of a corpus; with their tokens they take about 10 MB. */
  private static final int SLOTS = 1 << 16;

  /** Limits the characters of a word that is kept; longer ones rarely come again. */
  private static final int LONGEST = 32;

  private final WordModel model;
  private final Entry[] entries = new Entry[SLOTS];

  /** Holds a word. Its fields are final, so any thread that sees it sees it complete. */
  @SuppressWarnings("ArrayRecordComponent") // Read only; compared by its parts.
  private record Entry(int hash, int[] word, int[] ids) {
    boolean is(int otherHash, int[] characters, int from, int to) {
      return hash == otherHash && Arrays.equals(word, 0, word.length, characters, from, to);
    }
  }

  WordCache(WordModel model) {
    this.model = model;
  }

  /**
   * Appends the ids of the tokens of a word.
   *
   * @param to after the last character; the word is not empty
   */
  void append(int[] characters, int from, int to, IdList ids) {
    if (to - from > LONGEST) {
      model.append(characters, from, to, ids);
      return;
    }
    int hash = hash(characters, from, to);
    int slot = (hash ^ hash >>> 16) & SLOTS - 1;
    Entry entry = entries[slot];
    if (entry == null || !entry.is(hash, characters, from, to)) {
      int before = ids.size();
      model.append(characters, from, to, ids);
      entries[slot] = new Entry(hash, Arrays.copyOfRange(characters, from, to), ids.from(before));
      return;
    }
    ids.addAll(entry.ids);
  }

  private static int hash(int[] characters, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = (hash ^ characters[i]) * 0x9E3779B1; // odd, 2^32 by the golden ratio
      hash ^= hash >>> 15;
    }
    return hash;
  }
}
