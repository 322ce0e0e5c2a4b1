package io.attune.pipeline.stage.train;

import io.attune.pipeline.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * An event file that TensorBoard reads: scalars by step.
 *
 * <p>The file is a row of TFRecords: length (8 bytes), masked CRC-32C of the length, an {@code
 * Event}, masked CRC-32C of the event; all little-endian. Of TensorFlow's event.proto and
 * summary.proto only what scalars need is written: {@code Event} has wall_time = 1 (double), step =
 * 2 (int64), file_version = 3 (string), summary = 5, session_log = 7; {@code Summary} has value = 1
 * with tag = 1 (string) and simple_value = 2 (float); {@code SessionLog} has status = 1 with START
 * = 1.
 */
final class EventFile {
  /** In the name of each such file: what TensorBoard looks for. */
  static final String PREFIX = "events.out.tfevents.";

  /** Of TFRecords: a CRC of bytes that hold CRCs would else be weak. */
  private static final int MASK = 0xa282ead8;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final Storage storage;
  private final String path;
  private final Clock clock;
  private final ByteArrayOutputStream records = new ByteArrayOutputStream();

  /**
   * Opens a file beside those of earlier attempts at the same run, after them in TensorBoard's
   * order of names.
   */
  EventFile(Storage storage, String folder, Clock clock) {
    this.storage = storage;
    this.clock = clock;
    long before = storage.list(folder).stream().filter(name -> name.startsWith(PREFIX)).count();
    path =
        String.format(
            Locale.ROOT,
            "%s/%s%010d.attune.%03d",
            folder,
            PREFIX,
            clock.instant().getEpochSecond(),
            before);
    Message version = event(0);
    version.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
    append(version);
  }

  /** Makes TensorBoard forget what earlier files say of this step and of those after it. */
  void startAt(long step) {
    Message start = event(step);
    Message log = new Message();
    log.varint(1, 1);
    start.bytes(7, log.toByteArray());
    append(start);
  }

  /** Adds a value. */
  void scalar(String tag, long step, double value) {
    Message scalar = new Message();
    scalar.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
    scalar.fixed32(2, Float.floatToRawIntBits((float) value));
    Message summary = new Message();
    summary.bytes(1, scalar.toByteArray());
    Message event = event(step);
    event.bytes(5, summary.toByteArray());
    append(event);
  }

  /** Makes the file say all that was added. */
  void write() {
    storage.replace(path, records.toByteArray());
  }

  private Message event(long step) {
    Message event = new Message();
    event.fixed64(1, Double.doubleToRawLongBits(clock.millis() / 1e3));
    event.varint(2, step);
    return event;
  }

  private void append(Message message) {
    byte[] event = message.toByteArray();
    byte[] length = littleEndian(Long.BYTES).putLong(event.length).array();
    records.writeBytes(length);
    records.writeBytes(littleEndian(Integer.BYTES).putInt(maskedCrc(length)).array());
    records.writeBytes(event);
    records.writeBytes(littleEndian(Integer.BYTES).putInt(maskedCrc(event)).array());
  }

  /** TFRecord's checksum. */
  static int maskedCrc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A message of Protocol Buffers while it is written. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void varint(int field, long value) {
      tag(field, VARINT);
      varint(value);
    }

    void fixed64(int field, long bits) {
      tag(field, FIXED64);
      out.writeBytes(littleEndian(Long.BYTES).putLong(bits).array());
    }

    void fixed32(int field, int bits) {
      tag(field, FIXED32);
      out.writeBytes(littleEndian(Integer.BYTES).putInt(bits).array());
    }

    void bytes(int field, byte[] bytes) {
      tag(field, BYTES);
      varint(bytes.length);
      out.writeBytes(bytes);
    }

    private void tag(int field, int type) {
      varint(((long) field << 3) | type);
    }

    /** Seven bits a byte, the lowest first; the eighth says that more follow. */
    private void varint(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        out.write((int) ((left & 0x7f) | 0x80));
        left >>>= 7;
      }
      out.write((int) left);
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }
  }
}
