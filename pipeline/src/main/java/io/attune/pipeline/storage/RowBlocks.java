package io.attune.pipeline.storage;

import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;

/**
 * Packs rows into blocks of bytes, one after the other, each behind its length. To keep a block
 * takes the memory of its bytes and no object for each row, and it goes to disk as it is.
 */
final class RowBlocks {
  /**
   * Sets from how many bytes a block is full; a longer row has one of its own. Larger ones would
   * take whole regions of G1, up to twice their size.
   */
  static final int FULL = 1 << 17;

  /** Keeps rows at multiples of it, as {@link UnsafeRow} demands; holds the length of one. */
  private static final int WORD = Long.BYTES;

  private RowBlocks() {}

  /** Returns blocks of rows of a schema. */
  static Iterator<byte[]> pack(Iterator<InternalRow> rows, StructType schema) {
    return new Packed(rows, schema);
  }

  /**
   * Returns the rows of blocks in their order. A row holds until the next is asked for.
   *
   * @param columns of each row
   */
  static Iterator<InternalRow> unpack(Iterator<byte[]> blocks, int columns) {
    return new Unpacked(blocks, columns);
  }

  private static final class Packed implements Iterator<byte[]> {
    private final Iterator<InternalRow> rows;
    private final StructType schema;
    private UnsafeProjection projection;
    private byte[] bytes = new byte[FULL];

    Packed(Iterator<InternalRow> rows, StructType schema) {
      this.rows = rows;
      this.schema = schema;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public byte[] next() {
      int filled = 0;
      do {
        UnsafeRow row = unsafe(rows.next());
        int size = row.getSizeInBytes();
        int end = Math.addExact(filled, Math.addExact(WORD, size));
        if (end > bytes.length) {
          bytes = Arrays.copyOf(bytes, end);
        }
        Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + filled, size);
        row.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + filled + WORD);
        filled = end;
      } while (filled < FULL && rows.hasNext());
      return Arrays.copyOf(bytes, filled);
    }

    private UnsafeRow unsafe(InternalRow row) {
      if (row instanceof UnsafeRow packed) {
        return packed;
      }
      if (projection == null) {
        projection = UnsafeProjection.create(schema);
      }
      return projection.apply(row);
    }
  }

  private static final class Unpacked implements Iterator<InternalRow> {
    private final Iterator<byte[]> blocks;
    private final UnsafeRow row;
    private byte[] block = new byte[0];
    private int at;

    Unpacked(Iterator<byte[]> blocks, int columns) {
      this.blocks = blocks;
      this.row = new UnsafeRow(columns);
    }

    @Override
    public boolean hasNext() {
      return at < block.length || blocks.hasNext();
    }

    @Override
    public InternalRow next() {
      if (at == block.length) {
        block = blocks.next();
        at = 0;
      }
      int size = (int) Platform.getLong(block, Platform.BYTE_ARRAY_OFFSET + at);
      row.pointTo(block, Platform.BYTE_ARRAY_OFFSET + at + WORD, size);
      at += WORD + size;
      return row;
    }
  }
}
