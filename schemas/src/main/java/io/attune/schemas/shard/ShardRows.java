package io.attune.schemas.shard;

import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.Locale;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Defines the columns of a shard file, and its path in a dataset. */
public final class ShardRows {
  /** Identifies the document, as in the table of token rows. */
  public static final String ID = TokenRows.ID;

  /** Holds the token ids; never empty. */
  public static final String TOKENS = TokenRows.TOKENS;

  /**
   * Holds the class index by head, in the order of {@code labels.json}; {@link TokenRows#NO_LABEL}
   * if there is none.
   */
  public static final String LABELS = TokenRows.LABELS;

  /** Holds the number of the row among those of its document, from 0. */
  public static final String WINDOW = TokenRows.WINDOW;

  /** Holds the number of rows of the document. */
  public static final String WINDOWS = TokenRows.WINDOWS;

  public static final StructType SCHEMA =
      new StructType()
          .add(ID, DataTypes.StringType)
          .add(TOKENS, DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add(LABELS, DataTypes.createArrayType(DataTypes.IntegerType, false));

  /** Adds the columns that shards have where documents may be several rows. */
  public static final StructType WINDOWS_SCHEMA =
      SCHEMA.add(WINDOW, DataTypes.IntegerType).add(WINDOWS, DataTypes.IntegerType);

  private ShardRows() {}

  /** Returns a path such as {@code shards/train-00000.parquet}, relative to the dataset. */
  public static String file(Split split, int number) {
    return String.format(Locale.ROOT, "shards/%s-%05d.parquet", split.word(), number);
  }
}
