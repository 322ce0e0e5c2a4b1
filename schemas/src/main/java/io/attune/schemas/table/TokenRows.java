package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of documents as token ids, each in its split, which {@code tokenize} writes and
 * {@code shard} reads.
 */
public final class TokenRows {
  public static final String ID = "id";

  /** Holds {@code train}, {@code validation} or {@code test}. */
  public static final String SPLIT = "split";

  /** Holds the token ids, cut after {@code tokenize.max-tokens}; never empty. */
  public static final String TOKENS = "tokens";

  /**
   * Holds the class index by head, in the order of the heads; {@link #NO_LABEL} if there is none.
   */
  public static final String LABELS = "labels";

  public static final String RUN = "run";

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
              .add(RUN, DataTypes.StringType));

  private TokenRows() {}
}
