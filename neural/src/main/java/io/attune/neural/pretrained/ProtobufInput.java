package io.attune.neural.pretrained;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Reads Protocol Buffers' wire format from a stream, with the position of what it reads: large
 * fields are skipped and located, not held in memory.
 */
final class ProtobufInput {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  /** Limits texts, which are names here. */
  private static final long MAX_TEXT = 1 << 20;

  /** Reads the fields of one message. */
  interface Fields {
    /** Reads or skips the value of a field. */
    void read(int field, int wireType) throws IOException;
  }

  private final InputStream in;
  private long position;
  private long end;

  ProtobufInput(InputStream in, long size) {
    this.in = in;
    this.end = size;
  }

  /** Returns the number of bytes before the next one. */
  long position() {
    return position;
  }

  /** Reads the fields up to the end of the file. */
  void message(Fields fields) throws IOException {
    while (position < end) {
      long tag = varint();
      if (tag >>> 3 == 0 || tag >>> 3 > Integer.MAX_VALUE) {
        throw new IOException("there is no field number " + (tag >>> 3) + " at byte " + position);
      }
      fields.read((int) (tag >>> 3), (int) (tag & 7));
    }
  }

  /** Reads the fields of a message within this one. */
  void nested(Fields fields) throws IOException {
    long outer = end;
    long length = length();
    end = position + length;
    message(fields);
    end = outer;
  }

  /** Returns the number of bytes of the field that follows. */
  long length() throws IOException {
    long length = varint();
    if (length < 0 || length > end - position) {
      throw new IOException(
          "a field of " + Long.toUnsignedString(length) + " bytes is longer than its message");
    }
    return length;
  }

  /** Reads the numbers of a packed field. */
  void varints(LongConsumer to) throws IOException {
    long length = length();
    for (long last = position + length; position < last; ) {
      to.accept(varint());
    }
  }

  String text() throws IOException {
    long length = length();
    if (length > MAX_TEXT) {
      throw new IOException("a name has " + length + " bytes");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("it ends within a name");
    }
    position += length;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = position < end ? in.read() : -1;
      if (next < 0) {
        throw new EOFException("it ends within a number");
      }
      position++;
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("a number has more than 64 bits");
  }

  void skip(int wireType) throws IOException {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> skipBytes(Long.BYTES);
      case FIXED32 -> skipBytes(Integer.BYTES);
      case BYTES -> skipBytes(length());
      default -> throw new IOException("wire type " + wireType + " does not exist");
    }
  }

  void skipBytes(long count) throws IOException {
    if (count > end - position) {
      throw new EOFException("it ends within a field");
    }
    in.skipNBytes(count);
    position += count;
  }
}
