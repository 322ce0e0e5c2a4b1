package io.attune.pipeline.stage.train;

import io.attune.pipeline.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.nd4j.shade.protobuf.CodedOutputStream;

/**
 * Writes an event file that TensorBoard reads: scalars by step.
 *
 * <p>The file is a row of TFRecords: length (8 bytes), masked CRC-32C of the length, an {@code
 * Event}, masked CRC-32C of the event; all little-endian. Of TensorFlow's event.proto and
 * summary.proto only what scalars need is written: {@code Event} has wall_time = 1 (double), step =
 * 2 (int64), file_version = 3 (string), summary = 5, session_log = 7; {@code Summary} has value = 1
 * with tag = 1 (string) and simple_value = 2 (float); {@code SessionLog} has status = 1 with START
 * = 1.
 */
final class EventFile {
  /** Starts the name of each event file; TensorBoard looks for it. */
  static final String PREFIX = "events.out.tfevents.";

  /** Offsets the CRCs of TFRecords, since a CRC of bytes that contain CRCs would be weak. */
  private static final int MASK = 0xa282ead8;

  private final Storage storage;
  private final String path;
  private final Clock clock;
  private final ByteArrayOutputStream records = new ByteArrayOutputStream();

  /**
   * Opens a file next to those of earlier attempts at the same run, after them in TensorBoard's
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
    append(event(0, out -> out.writeString(3, "brain.Event:2")));
  }

  /** Makes TensorBoard discard the values of earlier files from this step on. */
  void startAt(long step) {
    byte[] log = message(out -> out.writeInt32(1, 1));
    append(event(step, out -> out.writeByteArray(7, log)));
  }

  /** Adds a value. */
  void scalar(String tag, long step, double value) {
    byte[] scalar =
        message(
            out -> {
              out.writeString(1, tag);
              out.writeFloat(2, (float) value);
            });
    byte[] summary = message(out -> out.writeByteArray(1, scalar));
    append(event(step, out -> out.writeByteArray(5, summary)));
  }

  /** Makes the file contain everything that was added. */
  void write() {
    storage.replace(path, records.toByteArray());
  }

  private byte[] event(long step, Fields fields) {
    return message(
        out -> {
          out.writeDouble(1, clock.millis() / 1e3);
          out.writeInt64(2, step);
          fields.writeTo(out);
        });
  }

  /** Writes the fields of a message of Protocol Buffers. */
  @FunctionalInterface
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void append(byte[] event) {
    byte[] length = littleEndian(Long.BYTES).putLong(event.length).array();
    records.writeBytes(length);
    records.writeBytes(littleEndian(Integer.BYTES).putInt(maskedCrc(length)).array());
    records.writeBytes(event);
    records.writeBytes(littleEndian(Integer.BYTES).putInt(maskedCrc(event)).array());
  }

  /** Returns TFRecord's checksum. */
  static int maskedCrc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
