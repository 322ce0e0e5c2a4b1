package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.text.EntityNames;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Counts documents by series and day, from table to table. */
final class SeriesRows {
  static final String KIND = "kind";
  static final String NAME = "name";

  /** Counts the texts of a cluster in the series. */
  static final String COPIES = "copies";

  static final String DOCUMENTS = "documents";
  static final String NEGATIVES = "negatives";

  /** Counts documents that the model in use has read. */
  static final String READ_NOW = "read_now";

  /** Names the latest of the other models that have read documents; null if there is none. */
  static final String OTHER_MODEL = "other_model";

  /** Counts documents that the model in use and the one before it have read. */
  static final String READ_BY_BOTH = "read_by_both";

  /** Counts those of them that are negative to the model before. */
  static final String NEGATIVE_BEFORE = "negatives_before";

  /** Counts those of them that are negative to the model in use. */
  static final String NEGATIVE_NOW = "negatives_now";

  /** Counts those of them that are negative to the model in use alone. */
  static final String GAINED = "gained";

  /** Counts those of them that were negative to the model before alone. */
  static final String LOST = "lost";

  static final String SERIES = "series";
  private static final String FIRST = "first_of_cluster";
  private static final String RECENT = "recent";
  private static final String PLACE = "place";
  private static final StructType KEY =
      new StructType().add(KIND, DataTypes.StringType).add(NAME, DataTypes.StringType);

  private SeriesRows() {}

  /**
   * Returns a row for each series and cluster: the earliest document of the cluster in the series,
   * with the number of its copies there. So a text that ten sources carry counts once for the
   * market, and once for each of them.
   *
   * @param readings dated rows of {@link Readings} that a model has read
   * @param separators between several names in one field
   */
  static Dataset<Row> clusters(Dataset<Row> readings, String separators) {
    UDF3<String, String, Seq<String>, List<Row>> keys =
        (topic, source, about) -> keys(topic, source, about, separators);
    List<Column> kept = new ArrayList<>();
    for (String column :
        List.of(
            Readings.ID,
            Readings.RUN,
            Readings.SOURCE,
            Readings.DAY,
            Readings.NEGATIVE,
            Readings.PROBABILITY,
            Readings.MODEL,
            Readings.BEFORE,
            Readings.NOW)) {
      kept.add(col(column));
    }
    return readings
        .withColumn(
            SERIES,
            explode(
                udf(keys, DataTypes.createArrayType(KEY))
                    .apply(col(Readings.TOPIC), col(Readings.SOURCE), col(Readings.ABOUT))))
        .groupBy(
            col(SERIES + "." + KIND).as(KIND),
            col(SERIES + "." + NAME).as(NAME),
            col(Readings.CLUSTER))
        .agg(
            min_by(struct(kept.toArray(Column[]::new)), struct(col(Readings.AT), col(Readings.ID)))
                .as(FIRST),
            count(lit(1)).as(COPIES))
        .select(col(KIND), col(NAME), col(Readings.CLUSTER), col(COPIES), col(FIRST + ".*"));
  }

  private static List<Row> keys(String topic, String source, Seq<String> about, String separators) {
    List<Row> keys = new ArrayList<>();
    keys.add(RowFactory.create(SeriesKey.MARKET, ""));
    if (topic != null && !topic.isBlank()) {
      keys.add(RowFactory.create(SeriesKey.TOPIC, topic));
    }
    if (source != null && !source.isBlank()) {
      keys.add(RowFactory.create(SeriesKey.SOURCE, source.strip()));
    }
    JavaConverters.seqAsJavaList(about).stream()
        .flatMap(field -> EntityNames.of(field, separators).stream())
        .distinct()
        .forEach(name -> keys.add(RowFactory.create(SeriesKey.ENTITY, name)));
    return keys;
  }

  /**
   * Counts clusters by series and day.
   *
   * @param model in use
   */
  static Dataset<Row> daily(Dataset<Row> clusters, String model) {
    Column isByBoth = col(Readings.BEFORE).isNotNull().and(col(Readings.NOW).isNotNull());
    Column before = col(Readings.BEFORE);
    Column now = col(Readings.NOW);
    return clusters
        .groupBy(KIND, NAME, Readings.DAY)
        .agg(
            count(lit(1)).as(DOCUMENTS),
            counted(col(Readings.NEGATIVE)).as(NEGATIVES),
            counted(col(Readings.MODEL).equalTo(model)).as(READ_NOW),
            max(when(col(Readings.MODEL).notEqual(model), col(Readings.MODEL))).as(OTHER_MODEL),
            counted(isByBoth).as(READ_BY_BOTH),
            counted(isByBoth.and(before)).as(NEGATIVE_BEFORE),
            counted(isByBoth.and(now)).as(NEGATIVE_NOW),
            counted(now.and(before.equalTo(false))).as(GAINED),
            counted(before.and(now.equalTo(false))).as(LOST));
  }

  private static Column counted(Column condition) {
    return sum(when(condition, 1L).otherwise(0L));
  }

  /**
   * Returns the totals of every series with its place within its kind, by the documents of the last
   * weeks, then of all days, then by name.
   */
  static Dataset<Row> ranked(Dataset<Row> daily, LocalDate recentFrom) {
    return daily
        .groupBy(KIND, NAME)
        .agg(
            sum(DOCUMENTS).as(DOCUMENTS),
            sum(when(col(Readings.DAY).geq(lit(Date.valueOf(recentFrom))), col(DOCUMENTS))
                    .otherwise(0L))
                .as(RECENT))
        .withColumn(
            PLACE,
            row_number()
                .over(
                    Window.partitionBy(KIND)
                        .orderBy(col(RECENT).desc(), col(DOCUMENTS).desc(), col(NAME))));
  }

  /**
   * Returns whether a ranked series is among the first of its kind, or among some others.
   *
   * @param others followed wherever their places are
   */
  static Column isAmong(int most, List<SeriesKey> others) {
    Column name = concat(col(KIND), lit(":"), col(NAME));
    return col(PLACE)
        .leq(most)
        .or(name.isin(others.stream().map(key -> key.kind() + ":" + key.name()).toArray()));
  }
}
