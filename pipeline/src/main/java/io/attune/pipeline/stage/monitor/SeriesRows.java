package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.not;
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

  /** Holds the control of counts: documents that count for the series to either model. */
  static final String OF_COUNTS = "of_counts";

  /** Holds the control of shares: documents of the series to both models. */
  static final String OF_SHARES = "of_shares";

  /** Counts the documents of a control. */
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
  private static final String BEFORE = "negative_before";
  private static final String TOPIC_BEFORE = "topic_before";
  private static final String WAS = "was_in_series";
  private static final String IS = "is_in_series";
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
    List<Column> kept = new ArrayList<>();
    for (String column :
        List.of(
            Readings.ID,
            Readings.RUN,
            Readings.SOURCE,
            Readings.DAY,
            Readings.NEGATIVE,
            Readings.PROBABILITY,
            Readings.MODEL)) {
      kept.add(col(column));
    }
    return readings
        .withColumn(SERIES, explode(series(array(col(Readings.TOPIC)), separators)))
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

  /** Returns the keys of the series that a reading counts for, with topics in place of its own. */
  private static Column series(Column topics, String separators) {
    UDF3<Seq<String>, String, Seq<String>, List<Row>> keys =
        (names, source, about) -> keys(names, source, about, separators);
    return udf(keys, DataTypes.createArrayType(KEY))
        .apply(topics, col(Readings.SOURCE), col(Readings.ABOUT));
  }

  private static List<Row> keys(
      Seq<String> topics, String source, Seq<String> about, String separators) {
    List<Row> keys = new ArrayList<>();
    keys.add(RowFactory.create(SeriesKey.MARKET, ""));
    JavaConverters.seqAsJavaList(topics).stream()
        .filter(topic -> topic != null && !topic.isBlank())
        .forEach(topic -> keys.add(RowFactory.create(SeriesKey.TOPIC, topic)));
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
    return clusters
        .groupBy(KIND, NAME, Readings.DAY)
        .agg(
            count(lit(1)).as(DOCUMENTS),
            counted(col(Readings.NEGATIVE)).as(NEGATIVES),
            counted(col(Readings.MODEL).equalTo(model)).as(READ_NOW),
            max(when(col(Readings.MODEL).notEqual(model), col(Readings.MODEL))).as(OTHER_MODEL));
  }

  /**
   * Counts by series the documents that the model in use and another have read. For a topic a
   * document counts to each model if that model gives it the topic: so a model that gives it to
   * more documents is seen too.
   *
   * @param readings dated rows of {@link Readings}
   * @param before the other model
   * @param separators between several names in one field
   */
  static Dataset<Row> controls(Dataset<Row> readings, String before, String separators) {
    Column topics = array_distinct(array(col(Readings.TOPIC), col(TOPIC_BEFORE)));
    Column isNegativeBefore = col(FIRST + "." + BEFORE);
    Column isNegativeNow = col(FIRST + "." + Readings.NEGATIVE);
    Column was = col(FIRST + "." + WAS);
    Column is = col(FIRST + "." + IS);
    return readings
        .withColumn(BEFORE, Readings.negativeTo(before))
        .withColumn(TOPIC_BEFORE, Readings.topicTo(before))
        .where(col(BEFORE).isNotNull())
        .withColumn(SERIES, explode(series(topics, separators)))
        .withColumn(WAS, isOf(TOPIC_BEFORE))
        .withColumn(IS, isOf(Readings.TOPIC))
        .groupBy(
            col(SERIES + "." + KIND).as(KIND),
            col(SERIES + "." + NAME).as(NAME),
            col(Readings.CLUSTER))
        .agg(
            min_by(
                    struct(col(WAS), col(IS), col(BEFORE), col(Readings.NEGATIVE)),
                    struct(col(Readings.AT), col(Readings.ID)))
                .as(FIRST))
        .groupBy(KIND, NAME)
        .agg(
            control(lit(true), was.and(isNegativeBefore), is.and(isNegativeNow)).as(OF_COUNTS),
            control(was.and(is), isNegativeBefore, isNegativeNow).as(OF_SHARES));
  }

  private static Column isOf(String topic) {
    return col(SERIES + "." + KIND)
        .notEqual(SeriesKey.TOPIC)
        .or(coalesce(col(SERIES + "." + NAME).equalTo(col(topic)), lit(false)));
  }

  private static Column control(Column isIn, Column before, Column now) {
    return struct(
        counted(isIn).as(READ_BY_BOTH),
        counted(isIn.and(before)).as(NEGATIVE_BEFORE),
        counted(isIn.and(now)).as(NEGATIVE_NOW),
        counted(isIn.and(now).and(not(before))).as(GAINED),
        counted(isIn.and(before).and(not(now))).as(LOST));
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
