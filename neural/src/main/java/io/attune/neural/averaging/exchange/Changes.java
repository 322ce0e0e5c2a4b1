package io.attune.neural.averaging.exchange;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Encodes values by their difference from others that the reader has too: blocks of {@value #BLOCK}
 * values of which none differs in any bit are left out.
 *
 * <p>So the row of an embedding travels only if it changed, whatever the optimizer does to rows
 * that no text of the round had: SGD and AdaGrad leave them alone; Adam moves a row as long as its
 * moments last, and then it travels. Nothing is rounded. Where all values change, 1 bit in {@value
 * #BLOCK} values is lost.
 *
 * @param bytes one bit for each block, the lowest first, set if the block follows; then the values
 *     of those blocks, little-endian
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes in transit; never compared.
record Changes(byte[] bytes) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Counts the values of a block: half a row of an embedding of the usual width. */
  static final int BLOCK = 32;

  /** Returns the changes from {@code base} to {@code values}; both are of the same length. */
  static Changes of(float[] values, float[] base) {
    int blocks = blocks(values.length);
    byte[] present = new byte[(blocks + 7) / 8];
    int changed = 0;
    for (int block = 0; block < blocks; block++) {
      int end = end(block, values.length);
      if (differ(values, base, block * BLOCK, end)) {
        present[block / 8] |= (byte) (1 << (block % 8));
        changed += end - block * BLOCK;
      }
    }
    byte[] bytes = new byte[present.length + changed * Float.BYTES];
    System.arraycopy(present, 0, bytes, 0, present.length);
    FloatBuffer floats = floats(bytes, present.length);
    for (int block = 0; block < blocks; block++) {
      if (isSet(present, block)) {
        floats.put(values, block * BLOCK, end(block, values.length) - block * BLOCK);
      }
    }
    return new Changes(bytes);
  }

  /** Turns the values that {@link #of} compared with into those that it was given. */
  void applyTo(float[] base) {
    int blocks = blocks(base.length);
    FloatBuffer floats = floats(bytes, (blocks + 7) / 8);
    for (int block = 0; block < blocks; block++) {
      if (isSet(bytes, block)) {
        floats.get(base, block * BLOCK, end(block, base.length) - block * BLOCK);
      }
    }
  }

  private static boolean differ(float[] values, float[] base, int from, int to) {
    int difference = 0;
    for (int i = from; i < to; i++) {
      difference |= Float.floatToRawIntBits(values[i]) ^ Float.floatToRawIntBits(base[i]);
    }
    return difference != 0;
  }

  private static boolean isSet(byte[] bits, int block) {
    return ((bits[block / 8] >> (block % 8)) & 1) == 1;
  }

  private static int blocks(int values) {
    return (values + BLOCK - 1) / BLOCK;
  }

  private static int end(int block, int values) {
    return Math.min(values, (block + 1) * BLOCK);
  }

  private static FloatBuffer floats(byte[] bytes, int from) {
    return ByteBuffer.wrap(bytes, from, bytes.length - from)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }
}
