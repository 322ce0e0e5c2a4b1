package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.Mood;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Holds which days a night counts and judges, and the documents that came in.
 *
 * @param first the first day that is counted
 * @param last the last day with documents, up to that of the night; null if there is none
 * @param since the first day that is judged
 */
record Today(LocalDate first, LocalDate last, LocalDate since, Mood.Arrivals arrivals) {
  /** Bounds the days that one night judges: after a pause of months the rest is not news. */
  private static final int MOST_JUDGED = 60;

  boolean isEmpty() {
    return last == null;
  }

  /** Returns the readings that count: read, dated, neither too old nor of the future. */
  Dataset<Row> counted(Dataset<Row> readings) {
    return readings.where(
        col(Readings.IS_READ)
            .and(col(Readings.DAY).between(lit(Date.valueOf(first)), lit(Date.valueOf(last)))));
  }

  /** Returns the readings that count, of the days before those that are judged. */
  Dataset<Row> past(Dataset<Row> readings) {
    return counted(readings).where(col(Readings.DAY).lt(lit(Date.valueOf(since))));
  }

  static Today of(
      Dataset<Row> readings, Run run, Optional<TrendRows.Judged> judged, MonitorConfig.Days days) {
    Arrivals arrivals = Arrivals.of(readings, run);
    LocalDate last = arrivals.lastDay();
    if (last == null) {
      return new Today(null, null, null, arrivals.counts(0, 0));
    }
    LocalDate since = last;
    long late = 0;
    long tooLate = 0;
    if (judged.isPresent()) {
      LocalDate latest = judged.get().latest().isBefore(last) ? judged.get().latest() : last;
      since = later(latest.minusDays(days.judged() - 1L), judged.get().first());
      since = later(since, last.minusDays(MOST_JUDGED - 1L));
      since = since.isAfter(last) ? last : since;
      late = arrivals.before(latest);
      tooLate = arrivals.before(since);
    }
    return new Today(
        last.minusDays(days.history() - 1L), last, since, arrivals.counts(late, tooLate));
  }

  private static LocalDate later(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  /** Returns the judged days in words. */
  String judged() {
    return since.equals(last) ? last.toString() : since + " to " + last;
  }
}
