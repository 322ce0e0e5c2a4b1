package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.table.Trends;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the table of trends: each run adds the days and series whose figures are others than the
 * runs before said.
 */
final class TrendRows {
  private static final String FIGURES = "figures";
  private static final String WAS = "was";
  private static final String SHARES = "shares";
  private static final StructType CORRECTED =
      new StructType()
          .add(Trends.CORRECTED, DataTypes.DoubleType)
          .add(Trends.LOW, DataTypes.DoubleType)
          .add(Trends.HIGH, DataTypes.DoubleType);

  private TrendRows() {}

  /** Holds the days up to which earlier runs had judged: of the first of them, and the latest. */
  record Judged(LocalDate first, LocalDate latest) {}

  /** Returns what runs before one have judged; empty if there was none. */
  static Optional<Judged> before(Tables tables, Run run) {
    Map<Run, LocalDate> lastDays = new HashMap<>();
    if (tables.exists(Trends.SCHEMA)) {
      for (Row row :
          tables.read(Trends.SCHEMA).groupBy(Trends.RUN).agg(max(Trends.DAY)).collectAsList()) {
        Run other = Run.parse(run.task(), row.getString(0));
        if (other.compareTo(run) < 0) {
          lastDays.put(other, row.getDate(1).toLocalDate());
        }
      }
    }
    return lastDays.keySet().stream()
        .min(Comparator.naturalOrder())
        .map(
            first ->
                new Judged(
                    lastDays.get(first),
                    lastDays.values().stream().max(Comparator.naturalOrder()).orElseThrow()));
  }

  /**
   * Returns the figures of series as rows of the table.
   *
   * @param daily rows of {@link SeriesRows#daily}
   * @param model in use; a day most of whose documents another has read is of that one
   */
  static Dataset<Row> of(Dataset<Row> daily, MoodHeads heads, String model, Corrections errors) {
    boolean isMood = heads.sentiment().isPresent();
    Column negatives = isMood ? col(SeriesRows.NEGATIVES) : lit(null).cast(DataTypes.LongType);
    UDF3<String, Long, Long, Row> correct =
        (of, documents, negative) -> row(errors, of, documents, negative);
    return daily
        .select(
            col(Readings.DAY).as(Trends.DAY),
            col(SeriesRows.KIND).as(Trends.KIND),
            col(SeriesRows.NAME).as(Trends.NAME),
            col(SeriesRows.DOCUMENTS).as(Trends.DOCUMENTS),
            negatives.as(Trends.NEGATIVE),
            negatives.divide(col(SeriesRows.DOCUMENTS)).as(Trends.SHARE),
            when(col(SeriesRows.READ_NOW).multiply(2).geq(col(SeriesRows.DOCUMENTS)), lit(model))
                .otherwise(coalesce(col(SeriesRows.OTHER_MODEL), lit(model)))
                .as(Trends.MODEL))
        .withColumn(
            SHARES,
            udf(correct, CORRECTED)
                .apply(col(Trends.MODEL), col(Trends.DOCUMENTS), col(Trends.NEGATIVE)))
        .select(
            col(Trends.DAY),
            col(Trends.KIND),
            col(Trends.NAME),
            col(Trends.DOCUMENTS),
            col(Trends.NEGATIVE),
            col(Trends.SHARE),
            col(SHARES + ".*"),
            col(Trends.MODEL));
  }

  private static Row row(Corrections errors, String model, Long documents, Long negative) {
    return negative == null
        ? null
        : errors
            .correct(model, documents, negative)
            .map(
                corrected ->
                    RowFactory.create(
                        corrected.share(), corrected.interval().low(), corrected.interval().high()))
            .orElse(null);
  }

  /**
   * Adds to the table what is new, and for days whose documents went elsewhere that there are none.
   *
   * @param figures of {@link #of}
   * @param keys kind and name of the series that are followed
   * @param from the first day that is counted
   */
  static void write(StageContext context, Dataset<Row> figures, Dataset<Row> keys, LocalDate from) {
    Tables tables = context.tables();
    Run run = context.run();
    Dataset<Row> changed = figures;
    if (tables.exists(Trends.SCHEMA) && tables.snapshot(Trends.SCHEMA) != 0) {
      Dataset<Row> was =
          latest(tables, run)
              .where(col(Trends.DAY).geq(lit(Date.valueOf(from))))
              .join(keys, ColumnNames.of(Trends.KIND, Trends.NAME), "left_semi");
      changed =
          figures
              .withColumn(FIGURES, figures())
              .join(
                  was.select(
                      col(Trends.DAY), col(Trends.KIND), col(Trends.NAME), figures().as(WAS)),
                  ColumnNames.of(Trends.DAY, Trends.KIND, Trends.NAME),
                  "left")
              .where(col(WAS).isNull().or(col(WAS).notEqual(col(FIGURES))))
              .drop(FIGURES, WAS)
              .unionByName(emptied(was, figures));
    }
    tables.replaceRun(
        Trends.SCHEMA, run.id(), changed.withColumn(Trends.RUN, lit(run.id())).coalesce(1));
  }

  private static Column figures() {
    return struct(
        col(Trends.DOCUMENTS),
        coalesce(col(Trends.NEGATIVE), lit(-1L)),
        coalesce(col(Trends.MODEL), lit("")));
  }

  private static Dataset<Row> emptied(Dataset<Row> was, Dataset<Row> figures) {
    Column none = lit(null).cast(DataTypes.DoubleType);
    return was.where(col(Trends.DOCUMENTS).gt(0))
        .join(
            figures.select(Trends.DAY, Trends.KIND, Trends.NAME),
            ColumnNames.of(Trends.DAY, Trends.KIND, Trends.NAME),
            "left_anti")
        .select(
            col(Trends.DAY),
            col(Trends.KIND),
            col(Trends.NAME),
            lit(0L).as(Trends.DOCUMENTS),
            when(col(Trends.NEGATIVE).isNotNull(), lit(0L)).as(Trends.NEGATIVE),
            none.as(Trends.SHARE),
            none.as(Trends.CORRECTED),
            none.as(Trends.LOW),
            none.as(Trends.HIGH),
            col(Trends.MODEL));
  }

  /** Returns of each day and series the row of the latest run before one. */
  private static Dataset<Row> latest(Tables tables, Run run) {
    List<String> runs =
        tables.runs(Trends.SCHEMA).stream()
            .filter(id -> Run.parse(run.task(), id).compareTo(run) < 0)
            .toList();
    return tables
        .read(Trends.SCHEMA)
        .where(col(Trends.RUN).isin(runs.toArray()))
        .groupBy(Trends.DAY, Trends.KIND, Trends.NAME)
        .agg(
            max_by(
                    struct(col(Trends.DOCUMENTS), col(Trends.NEGATIVE), col(Trends.MODEL)),
                    struct(
                        substring_index(col(Trends.RUN), ".", 1),
                        substring_index(col(Trends.RUN), ".", -1).cast(DataTypes.IntegerType)))
                .as(WAS))
        .select(col(Trends.DAY), col(Trends.KIND), col(Trends.NAME), col(WAS + ".*"));
  }
}
