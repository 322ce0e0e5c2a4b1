package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Records that a stage could not use, each with its reason: nothing is dropped in silence. */
public final class Rejects {
  public static final String RUN = "run";
  public static final String STAGE = "stage";
  public static final String CORPUS = "corpus";
  public static final String FILE = "file";

  /** Starts at 1. */
  public static final String LINE = "line";

  /** The column or field at fault; null where it is the record as a whole. */
  public static final String FIELD = "field";

  /** A short, stable word such as {@code malformed} or {@code duplicate}: what reports count. */
  public static final String REASON = "reason";

  /** The reason in a sentence, with the value at fault. */
  public static final String DETAIL = "detail";

  /** The record as it was read, cut after 2,000 characters. */
  public static final String RECORD = "record";

  public static final TableSchema SCHEMA =
      new TableSchema(
          "rejects",
          1,
          new StructType()
              .add(RUN, DataTypes.StringType)
              .add(STAGE, DataTypes.StringType)
              .add(CORPUS, DataTypes.StringType)
              .add(FILE, DataTypes.StringType)
              .add(LINE, DataTypes.LongType)
              .add(FIELD, DataTypes.StringType)
              .add(REASON, DataTypes.StringType)
              .add(DETAIL, DataTypes.StringType)
              .add(RECORD, DataTypes.StringType));

  private Rejects() {}
}
