package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of daily counts, which {@code monitor} writes: one row for each day and series
 * whenever its figures change. Of the rows of one day and series, that of the latest run counts.
 */
public final class Trends {
  /** Holds the day of publication, in the time zone of the monitor. */
  public static final String DAY = "day";

  /** Names the kind of a series: {@code market}, {@code topic}, {@code source}, {@code entity}. */
  public static final String KIND = "kind";

  /** Names the series within its kind, such as a topic; empty for the market. */
  public static final String NAME = "name";

  /** Counts documents that a model has read, copies of one text once. */
  public static final String DOCUMENTS = "documents";

  /** Counts those whose answer is negative; null where the task has no sentiment. */
  public static final String NEGATIVE = "negative";

  /** Holds negative by documents, as the model answered; null likewise. */
  public static final String SHARE = "share";

  /** Holds the share corrected for the model's own errors; null where that is not possible. */
  public static final String CORRECTED = "corrected";

  /** Holds the lower end of the interval of 95 % of the corrected share. */
  public static final String LOW = "low";

  /** Holds the upper end. */
  public static final String HIGH = "high";

  /** Names the model that read most of these documents. */
  public static final String MODEL = "model";

  /** Names the run in which the figures became so. */
  public static final String RUN = "run";

  public static final TableSchema SCHEMA =
      new TableSchema(
          "trends",
          1,
          new StructType()
              .add(DAY, DataTypes.DateType)
              .add(KIND, DataTypes.StringType)
              .add(NAME, DataTypes.StringType)
              .add(DOCUMENTS, DataTypes.LongType)
              .add(NEGATIVE, DataTypes.LongType)
              .add(SHARE, DataTypes.DoubleType)
              .add(CORRECTED, DataTypes.DoubleType)
              .add(LOW, DataTypes.DoubleType)
              .add(HIGH, DataTypes.DoubleType)
              .add(MODEL, DataTypes.StringType)
              .add(RUN, DataTypes.StringType));

  private Trends() {}
}
