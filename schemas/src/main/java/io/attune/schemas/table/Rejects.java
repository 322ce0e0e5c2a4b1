package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of records that a stage could not use, each with its reason: nothing is dropped
 * silently.
 */
public final class Rejects {
  public static final String RUN = "run";
  public static final String STAGE = "stage";
  public static final String CORPUS = "corpus";
  public static final String FILE = "file";

  /** Holds the line, from 1. */
  public static final String LINE = "line";

  /** Names the invalid column or field; null if the whole record is invalid. */
  public static final String FIELD = "field";

  /**
   * Holds a short, stable word such as {@code malformed} or {@code duplicate}, by which reports
   * count.
   */
  public static final String REASON = "reason";

  /** Holds the reason in a sentence, with the invalid value. */
  public static final String DETAIL = "detail";

  /** Holds the record as it was read, cut after 2,000 characters. */
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
