package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of documents as token ids, each in its split, which {@code tokenize} writes and
 * {@code shard} reads: a row for each document, or for each window of one and, in the train split,
 * of its copies with synonyms.
 */
public final class TokenRows {
  public static final String ID = "id";

  /** Holds {@code train}, {@code validation} or {@code test}. */
  public static final String SPLIT = "split";

  /** Holds the token ids, {@code tokenize.max-tokens} at most; never empty. */
  public static final String TOKENS = "tokens";

  /**
   * Holds the class index by head, in the order of the heads; {@link #NO_LABEL} if there is none.
   */
  public static final String LABELS = "labels";

  public static final String RUN = "run";

  /** Holds the number of the row among those of its document, from 0; null means 0. */
  public static final String WINDOW = "window";

  /** Holds the number of rows of the document; null means 1. */
  public static final String WINDOWS = "windows";

  /** Holds the windows of the document that have no row; null means 0. */
  public static final String LEFT_OUT = "left_out";

  /**
   * Holds how many words of a copy of the document synonyms replaced, in the copy's first row; null
   * means 0, as in all other rows.
   */
  public static final String REPLACED = "replaced";

  public static final int NO_LABEL = -1;

  public static final TableSchema SCHEMA =
      new TableSchema(
          "tokens",
          1,
          new StructType()
              .add(ID, DataTypes.StringType)
              .add(SPLIT, DataTypes.StringType)
              .add(TOKENS, DataTypes.createArrayType(DataTypes.IntegerType, false))
              .add(LABELS, DataTypes.createArrayType(DataTypes.IntegerType, false))
              .add(RUN, DataTypes.StringType)
              .add(WINDOW, DataTypes.IntegerType)
              .add(WINDOWS, DataTypes.IntegerType)
              .add(LEFT_OUT, DataTypes.IntegerType)
              .add(REPLACED, DataTypes.IntegerType));

  private TokenRows() {}
}
