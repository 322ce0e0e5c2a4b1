package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.NegativeBinomial;
import io.attune.pipeline.surge.alert.Alert;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Joins alerts of one day that are about the same documents: bad news about one company is of a
 * topic and comes from sources, which surge with it and are no news of their own.
 */
final class Overlaps {
  private static final StructType WANTED =
      new StructType()
          .add(SeriesRows.KIND, DataTypes.StringType)
          .add(SeriesRows.NAME, DataTypes.StringType)
          .add(Readings.DAY, DataTypes.DateType);

  /** Orders kinds of series of the same documents: who they are about says more than who wrote. */
  private static final List<String> TELLING =
      List.of(SeriesKey.ENTITY, SeriesKey.TOPIC, SeriesKey.MARKET, SeriesKey.SOURCE);

  private static final String SERIES = "series_of_one";
  private static final String OTHER = "series_of_other";

  private Overlaps() {}

  /** Names two series on one day. */
  record Pair(LocalDate day, SeriesKey one, SeriesKey other) {}

  /**
   * Counts the negative clusters that two series with alerts on one day share.
   *
   * @param clusters of {@link SeriesRows#clusters}
   */
  static Map<Pair, Long> of(SparkSession spark, Dataset<Row> clusters, List<Alert> alerts) {
    Set<List<Object>> wanted = new LinkedHashSet<>();
    for (Alert alert : alerts) {
      SeriesKey key = SeriesKey.parse(alert.series());
      wanted.add(List.of(key.kind(), key.name(), Date.valueOf(alert.judgement().day())));
    }
    if (wanted.size() < 2) {
      return Map.of();
    }
    List<Row> rows = wanted.stream().map(of -> RowFactory.create(of.toArray())).toList();
    Dataset<Row> members =
        clusters
            .where(col(Readings.NEGATIVE))
            .join(
                broadcast(spark.createDataFrame(rows, WANTED)),
                ColumnNames.of(SeriesRows.KIND, SeriesRows.NAME, Readings.DAY),
                "left_semi")
            .select(
                col(Readings.DAY),
                col(Readings.CLUSTER),
                struct(col(SeriesRows.KIND), col(SeriesRows.NAME)).as(SERIES));
    Map<Pair, Long> shared = new HashMap<>();
    members
        .join(
            members.withColumnRenamed(SERIES, OTHER),
            ColumnNames.of(Readings.DAY, Readings.CLUSTER),
            "inner")
        .groupBy(Readings.DAY, SERIES, OTHER)
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(
            row ->
                shared.put(
                    new Pair(
                        row.getDate(0).toLocalDate(), key(row.getStruct(1)), key(row.getStruct(2))),
                    row.getLong(3)));
    return shared;
  }

  private static SeriesKey key(Row row) {
    return new SeriesKey(row.getString(0), row.getString(1));
  }

  /**
   * Joins the alerts of one day: one that would not be extraordinary without what another brings to
   * it is covered by that one. The least probable comes first and stands; of series that count the
   * same documents the one that says most stands for it.
   *
   * @param shared of {@link #of}
   * @param explained a count with this probability or more, divided by the number of alerts (of
   *     many some are rare by chance), is not extraordinary
   */
  static List<Alert> joined(List<Alert> ofDay, Map<Pair, Long> shared, double explained) {
    double least = explained / Math.max(1, ofDay.size());
    List<Alert> ordered = new ArrayList<>(ofDay);
    ordered.sort(
        Comparator.comparingDouble((Alert alert) -> alert.judgement().p())
            .thenComparing(alert -> alert.judgement().score(), Comparator.reverseOrder())
            .thenComparing(Alert::series));
    List<Alert> standing = new ArrayList<>();
    for (Alert alert : ordered) {
      int by = -1;
      for (int i = 0; i < standing.size() && by < 0; i++) {
        Alert one = standing.get(i);
        by = isUsual(alert, brought(one, alert, shared), least) ? i : -1;
      }
      if (by < 0) {
        standing.add(alert);
      } else {
        Alert one = standing.get(by);
        standing.set(
            by, isMoreTelling(alert, one, shared) ? covering(alert, one) : covering(one, alert));
      }
    }
    return standing;
  }

  /** Returns how much of a series' count is the excess of another. */
  private static double brought(Alert one, Alert other, Map<Pair, Long> shared) {
    SeriesKey key = SeriesKey.parse(one.series());
    SeriesKey to = SeriesKey.parse(other.series());
    long both =
        key.equals(to)
            ? other.judgement().seen()
            : shared.getOrDefault(new Pair(one.judgement().day(), key, to), 0L);
    double seen = one.judgement().seen();
    return seen > 0 ? both * Math.max(0, one.judgement().excess()) / seen : 0;
  }

  /** Returns whether what is left of a count is no surge, or one as chance brings it. */
  private static boolean isUsual(Alert alert, double without, double least) {
    Judgement judgement = alert.judgement();
    double left = judgement.seen() - without;
    if (left <= judgement.limit() || SeriesKey.isShare(alert.series())) {
      return left <= judgement.limit();
    }
    return new NegativeBinomial(judgement.expected(), judgement.dispersion()).atLeast(left)
        >= least;
  }

  /** Returns whether an alert counts the same documents as another, of a kind that says more. */
  private static boolean isMoreTelling(Alert alert, Alert other, Map<Pair, Long> shared) {
    SeriesKey key = SeriesKey.parse(alert.series());
    SeriesKey to = SeriesKey.parse(other.series());
    boolean areCounts = !SeriesKey.isShare(alert.series()) && !SeriesKey.isShare(other.series());
    long both = shared.getOrDefault(new Pair(alert.judgement().day(), key, to), 0L);
    return areCounts
        && both == alert.judgement().seen()
        && both == other.judgement().seen()
        && TELLING.indexOf(key.kind()) < TELLING.indexOf(to.kind());
  }

  private static Alert covering(Alert one, Alert other) {
    Set<String> covers = new TreeSet<>(one.covers());
    covers.add(other.series());
    covers.addAll(other.covers());
    return new Alert(one.judgement(), one.q(), one.severity(), List.copyOf(covers));
  }
}
