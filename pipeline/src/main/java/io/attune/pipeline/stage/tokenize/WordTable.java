package io.attune.pipeline.stage.tokenize;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

/**
 * Holds distinct words with their counts in a few large arrays: an English word takes about ten
 * bytes, where a boxed map takes over a hundred.
 *
 * @param chunks what {@link Writer} wrote
 * @param words in the chunks
 * @param leftOut distinct words that are not among them
 */
record WordTable(List<byte[]> chunks, long words, long leftOut) {
  WordTable {
    chunks = List.copyOf(chunks);
  }

  /** Receives the words one by one. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes a word.
     *
     * @param points its code points; overwritten by those of the next word
     * @param length number of them
     * @param count occurrences of the word
     */
    void visit(int[] points, int length, long count);
  }

  /** Makes a table of all words of a map. */
  static WordTable of(Map<String, Long> counts) {
    Writer writer = new Writer();
    counts.forEach(writer::add);
    return new WordTable(List.of(writer.take()), counts.size(), 0);
  }

  void forEach(Visitor visitor) {
    int[] points = new int[WordCounts.LONGEST_WORD];
    for (byte[] chunk : chunks) {
      Reader reader = new Reader(chunk);
      while (reader.hasNext()) {
        long count = reader.number();
        int length = (int) reader.number();
        if (length > points.length) {
          points = new int[length];
        }
        for (int i = 0; i < length; i++) {
          points[i] = (int) reader.number();
        }
        visitor.visit(points, length, count);
      }
    }
  }

  /**
   * Writes words: for each its count, its length and its code points, as numbers of seven bits a
   * byte, the lowest first, with the eighth bit set but in the last byte.
   */
  static final class Writer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void add(String word, long count) {
      write(count);
      write(word.codePointCount(0, word.length()));
      word.codePoints().forEach(this::write);
    }

    int size() {
      return bytes.size();
    }

    /** Returns what was written since the last call. */
    byte[] take() {
      byte[] chunk = bytes.toByteArray();
      bytes.reset();
      return chunk;
    }

    private void write(long number) {
      long left = number;
      while (left >= 0x80) {
        bytes.write((int) ((left & 0x7F) | 0x80));
        left >>>= 7;
      }
      bytes.write((int) left);
    }
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasNext() {
      return at < bytes.length;
    }

    long number() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        number |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }
  }
}
