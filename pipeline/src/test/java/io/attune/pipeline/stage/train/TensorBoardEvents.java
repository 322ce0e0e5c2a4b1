package io.attune.pipeline.stage.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Reads event files and verifies their checksums. */
final class TensorBoardEvents {
  private TensorBoardEvents() {}

  /**
   * Holds an event.
   *
   * @param starts whether it is a session's START
   * @param tag of a scalar; else empty
   */
  record Event(
      double wallTime, long step, String version, boolean starts, String tag, float value) {}

  static List<Event> read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (in.hasRemaining()) {
      int start = in.position();
      long length = in.getLong();
      requireChecksum(Arrays.copyOfRange(file, start, start + Long.BYTES), in.getInt());
      byte[] event = new byte[(int) length];
      in.get(event);
      requireChecksum(event, in.getInt());
      events.add(event(event));
    }
    return events;
  }

  private static void requireChecksum(byte[] bytes, int masked) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    assertThat(Integer.rotateLeft(masked - 0xa282ead8, 15)).isEqualTo((int) crc.getValue());
  }

  private static Event event(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double wallTime = 0;
    long step = 0;
    String version = "";
    boolean starts = false;
    String tag = "";
    float value = 0;
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      switch (key) {
        case (1 << 3) | 1 -> wallTime = in.getDouble();
        case 2 << 3 -> step = varint(in);
        case (3 << 3) | 2 -> version = text(part(in));
        case (5 << 3) | 2 -> {
          ByteBuffer summary = part(in);
          assertThat(varint(summary)).isEqualTo((1 << 3) | 2);
          ByteBuffer scalar = part(summary);
          assertThat(varint(scalar)).isEqualTo((1 << 3) | 2);
          tag = text(part(scalar));
          assertThat(varint(scalar)).isEqualTo((2 << 3) | 5);
          value = scalar.getFloat();
        }
        case (7 << 3) | 2 -> starts = Arrays.equals(bytes(part(in)), new byte[] {1 << 3, 1});
        default -> throw new AssertionError("an unknown field: " + key);
      }
    }
    return new Event(wallTime, step, version, starts, tag, value);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static ByteBuffer part(ByteBuffer in) {
    int length = (int) varint(in);
    ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + length);
    return part;
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }
}
