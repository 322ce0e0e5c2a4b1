package io.attune.schemas.shard;

import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.Locale;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of a shard file, and where in a dataset it lies. */
public final class ShardRows {
  /** As in the table of token rows. */
  public static final String ID = TokenRows.ID;

  /** Token ids; never empty. */
  public static final String TOKENS = TokenRows.TOKENS;

  /** Class index by head, in the order of {@code labels.json}; {@link TokenRows#NO_LABEL}. */
  public static final String LABELS = TokenRows.LABELS;

  public static final StructType SCHEMA =
      new StructType()
          .add(ID, DataTypes.StringType)
          .add(TOKENS, DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add(LABELS, DataTypes.createArrayType(DataTypes.IntegerType, false));

  private ShardRows() {}

  /** Such as {@code shards/train-00000.parquet}, relative to the dataset. */
  public static String file(Split split, int number) {
    return String.format(Locale.ROOT, "shards/%s-%05d.parquet", split.word(), number);
  }
}
