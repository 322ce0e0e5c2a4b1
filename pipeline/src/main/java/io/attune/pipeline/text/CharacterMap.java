package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * Checks the {@code precompiled_charsmap} of a normaliser before the native library reads it, which
 * follows its indices without looking, and ends the JVM where one leads out of it.
 *
 * <p>The form is that of SentencePiece, in Base64: the size of a trie in bytes (32 bits,
 * little-endian); the trie, a double array of units of 32 bits; the normalised texts in UTF-8, each
 * ended by a zero, to which the leaves of the trie point.
 */
final class CharacterMap {
  private static final String KEY = "precompiled_charsmap";

  /** Is the highest byte that UTF-8 has. */
  private static final int LAST_BYTE = 0xF4;

  private final ByteBuffer trie;
  private final int units;
  private final byte[] texts;

  private CharacterMap(ByteBuffer trie, byte[] texts) {
    this.trie = trie;
    this.units = trie.remaining() / Integer.BYTES;
    this.texts = texts;
  }

  /**
   * Checks every such map of a {@code tokenizer.json}.
   *
   * @throws IOException saying what is wrong
   */
  static void check(JsonNode tokenizer) throws IOException {
    for (JsonNode map : tokenizer.path("normalizer").findValues(KEY)) {
      if (!map.isTextual()) {
        throw new IOException("the %s of its normalizer is not a text".formatted(KEY));
      }
      of(map.textValue()).check();
    }
  }

  private static CharacterMap of(String text) throws IOException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw bad("it is not Base64");
    }
    if (bytes.length < Integer.BYTES) {
      throw bad("it has only %d bytes".formatted(bytes.length));
    }
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = Integer.toUnsignedLong(all.getInt());
    if (size == 0 || size % Integer.BYTES != 0 || size > all.remaining()) {
      throw bad(
          "its trie is said to have %d bytes, which must be a multiple of 4, and of the %d that follow"
              .formatted(size, all.remaining()));
    }
    ByteBuffer trie = all.slice(all.position(), (int) size).order(ByteOrder.LITTLE_ENDIAN);
    byte[] texts = new byte[all.remaining() - (int) size];
    all.position(all.position() + (int) size).get(texts);
    return new CharacterMap(trie, texts);
  }

  /** Follows every way through the trie that a text can take. */
  private void check() throws IOException {
    requireText();
    BitSet seen = new BitSet(units);
    Deque<Long> open = new ArrayDeque<>();
    open.add(offset(unit(0)));
    while (!open.isEmpty()) {
      long base = open.remove();
      for (int next = 1; next <= LAST_BYTE; next++) {
        int child = within(base ^ next);
        if (label(unit(child)) == next && !seen.get(child)) {
          seen.set(child);
          long below = child ^ offset(unit(child));
          if (hasLeaf(unit(child))) {
            requireStart(unit(within(below)) & Integer.MAX_VALUE);
          }
          open.add(below);
        }
      }
    }
  }

  private void requireText() throws IOException {
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
    } catch (CharacterCodingException e) {
      throw bad("its texts are not UTF-8");
    }
  }

  /** Checks that a leaf points to the start of a character, or to the end of the texts. */
  private void requireStart(int text) throws IOException {
    if (text > texts.length || (text < texts.length && (texts[text] & 0xC0) == 0x80)) {
      throw bad("it points to text %d, of %d bytes of texts".formatted(text, texts.length));
    }
  }

  private int within(long index) throws IOException {
    if (index < 0 || index >= units) {
      throw bad("it points to unit %d of its trie, which has %d".formatted(index, units));
    }
    return (int) index;
  }

  private int unit(int index) {
    return trie.getInt(index * Integer.BYTES);
  }

  private static long offset(int unit) {
    return (long) (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  }

  private static boolean hasLeaf(int unit) {
    return ((unit >>> 8) & 1) == 1;
  }

  private static int label(int unit) {
    return unit & ((1 << 31) | 0xFF);
  }

  private static IOException bad(String problem) {
    return new IOException("the %s of its normalizer is broken: %s".formatted(KEY, problem));
  }
}
