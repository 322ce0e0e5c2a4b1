package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.Mood;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Holds the documents by day, and those that came in tonight.
 *
 * @param lastDay the last day up to that of the night with documents that a model has read; null if
 *     there is none
 * @param days the documents of tonight by day, up to that of the night
 */
record Arrivals(
    LocalDate lastDay, long documents, long unread, long undated, long future, List<Day> days) {

  /** Counts the documents of tonight that are of one day. */
  record Day(LocalDate day, long documents) {}

  static Arrivals of(Dataset<Row> readings, Run run) {
    List<Row> rows =
        readings
            .groupBy(Readings.DAY)
            .agg(
                sum(when(col(Readings.IS_READ), 1L).otherwise(0L)),
                sum(when(col(Readings.RUN).equalTo(run.id()), 1L).otherwise(0L)),
                sum(
                    when(
                            col(Readings.RUN)
                                .equalTo(run.id())
                                .and(coalesce(col(Readings.IS_READ), lit(false)).equalTo(false)),
                            1L)
                        .otherwise(0L)),
                count(lit(1)))
            .collectAsList();
    LocalDate last = null;
    long documents = 0;
    long unread = 0;
    long undated = 0;
    long future = 0;
    List<Day> days = new ArrayList<>();
    for (Row row : rows) {
      long tonight = row.getLong(2);
      documents += tonight;
      unread += row.getLong(3);
      Date day = row.getDate(0);
      if (day == null) {
        undated += tonight;
      } else if (day.toLocalDate().isAfter(run.date())) {
        future += tonight;
      } else {
        days.add(new Day(day.toLocalDate(), tonight));
        boolean isLater = last == null || day.toLocalDate().isAfter(last);
        last = row.getLong(1) > 0 && isLater ? day.toLocalDate() : last;
      }
    }
    return new Arrivals(last, documents, unread, undated, future, days);
  }

  /** Counts the documents of tonight that are of days before one. */
  long before(LocalDate day) {
    return days.stream().filter(of -> of.day().isBefore(day)).mapToLong(Day::documents).sum();
  }

  Mood.Arrivals counts(long late, long tooLate) {
    return new Mood.Arrivals(documents, unread, undated, future, late, tooLate);
  }
}
