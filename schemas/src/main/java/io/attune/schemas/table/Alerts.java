package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of alerts, which {@code monitor} writes: in each run one row for each alert of
 * the last months, as it is known then. The rows of the latest run count.
 */
public final class Alerts {
  /** Identifies an alert over all runs. */
  public static final String ID = "id";

  /** Names the series, such as {@code topic:regulation}. */
  public static final String SERIES = "series";

  /** Holds the first day of the surge. */
  public static final String SINCE = "since";

  /** Holds the last day of the surge so far. */
  public static final String LAST = "last";

  /** Holds {@code notice}, {@code warning} or {@code severe}. */
  public static final String SEVERITY = "severity";

  /** Tells what happened to it in this run, as {@code alerts.json} does. */
  public static final String CHANGE = "change";

  /** Names the model whose answers were counted. */
  public static final String MODEL = "model";

  /** Lists the days above the limit, in order. */
  public static final String DAYS = "days";

  public static final String DAY = "day";

  /** Counts what was seen on the day. */
  public static final String SEEN = "seen";

  public static final String EXPECTED = "expected";

  /** Holds the highest count that is no surge. */
  public static final String LIMIT = "limit";

  /** Holds the probability of a count of at least {@link #SEEN}. */
  public static final String P = "p";

  /** Holds that probability adjusted over all series of the night. */
  public static final String Q = "q";

  /** Holds the variance of such a count divided by its mean. */
  public static final String DISPERSION = "dispersion";

  /**
   * Names how the day was judged: {@code seasonal}, {@code recent}, {@code short}, {@code share}.
   */
  public static final String METHOD = "method";

  public static final String NOTE = "note";

  /** Lists further series above their limits that this surge explains. */
  public static final String COVERS = "covers";

  public static final String RUN = "run";

  static final StructType OF_DAY =
      new StructType()
          .add(DAY, DataTypes.DateType)
          .add(SEEN, DataTypes.LongType)
          .add(EXPECTED, DataTypes.DoubleType)
          .add(LIMIT, DataTypes.DoubleType)
          .add(P, DataTypes.DoubleType)
          .add(Q, DataTypes.DoubleType)
          .add(DISPERSION, DataTypes.DoubleType)
          .add(METHOD, DataTypes.StringType)
          .add(SEVERITY, DataTypes.StringType)
          .add(NOTE, DataTypes.StringType)
          .add(COVERS, DataTypes.createArrayType(DataTypes.StringType));

  public static final TableSchema SCHEMA =
      new TableSchema(
          "alerts",
          1,
          new StructType()
              .add(ID, DataTypes.StringType)
              .add(SERIES, DataTypes.StringType)
              .add(SINCE, DataTypes.DateType)
              .add(LAST, DataTypes.DateType)
              .add(SEVERITY, DataTypes.StringType)
              .add(CHANGE, DataTypes.StringType)
              .add(MODEL, DataTypes.StringType)
              .add(DAYS, DataTypes.createArrayType(OF_DAY))
              .add(RUN, DataTypes.StringType));

  private Alerts() {}
}
