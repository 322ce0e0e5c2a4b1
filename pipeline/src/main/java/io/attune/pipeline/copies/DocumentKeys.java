package io.attune.pipeline.copies;

import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads the keys of a document, as numbers, of three columns that follow each other: id, hash of
 * the text, bands. Equal values have equal numbers; different ones hardly ever.
 *
 * @param first the place of the first column
 */
record DocumentKeys(int first) {
  private static final long IDS = 1;
  private static final long TEXTS = 2;

  /** Hands over each key. */
  void forEach(InternalRow row, LongConsumer key) {
    key.accept(ofId(row.getUTF8String(first)));
    key.accept(ofText(row.getUTF8String(first + 1)));
    ArrayData bands = row.getArray(first + 2);
    for (int band = 0; band < bands.numElements(); band++) {
      key.accept(bands.getLong(band));
    }
  }

  static long ofId(UTF8String id) {
    return hash(id, IDS);
  }

  static long ofText(UTF8String hash) {
    return hash(hash, TEXTS);
  }

  private static long hash(UTF8String value, long seed) {
    return XXH64.hashUnsafeBytes(
        value.getBaseObject(), value.getBaseOffset(), value.numBytes(), seed);
  }
}
