package io.attune.pipeline.copies;

import io.attune.schemas.table.Signatures;
import java.util.function.LongConsumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads the keys of a document as numbers: of its id, the hash of its text, its bands. Equal values
 * have equal numbers; different ones hardly ever.
 */
final class DocumentKeys {
  private static final long IDS = 1;
  private static final long TEXTS = 2;

  private DocumentKeys() {}

  /** Returns what rows must hold: place, id, hash of the text, bands. */
  static Dataset<Row> columns(Dataset<Row> documents) {
    return documents.select(Texts.PLACE, Signatures.ID, Signatures.TEXT_HASH, Signatures.BANDS);
  }

  /** Returns the place of a row of {@link #columns}. */
  static long place(InternalRow row) {
    return row.getLong(0);
  }

  /** Hands over each key of a row of {@link #columns}. */
  static void forEach(InternalRow row, LongConsumer key) {
    key.accept(ofId(row.getUTF8String(1)));
    key.accept(ofText(row.getUTF8String(2)));
    ArrayData bands = row.getArray(3);
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
