package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.surge.DailySeries;
import io.attune.schemas.report.SurgeAlert.Course;
import java.io.Serializable;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * Holds the daily counts of one series, from its first day with documents to the last day of all: a
 * series that is new was not silent before.
 */
final class SeriesCounts implements Serializable {
  private static final long serialVersionUID = 1;

  private final SeriesKey key;
  private final LocalDate first;
  private final long[] documents;
  private final long[] negatives;
  private final long[] readNow;
  private final Control control;

  private SeriesCounts(SeriesKey key, LocalDate first, int days, Control control) {
    this.key = key;
    this.first = first;
    this.documents = new long[days];
    this.negatives = new long[days];
    this.readNow = new long[days];
    this.control = control;
  }

  /**
   * Counts documents that the model in use and the one before it have both read.
   *
   * @param before negative to the model before
   * @param now negative to the model in use
   * @param gained negative to the model in use alone
   * @param lost negative to the model before alone
   */
  record Control(long documents, long before, long now, long gained, long lost)
      implements Serializable {
    static final Control NONE = new Control(0, 0, 0, 0, 0);

    private Control plus(Row row) {
      return new Control(
          documents + row.<Long>getAs(SeriesRows.READ_BY_BOTH),
          before + row.<Long>getAs(SeriesRows.NEGATIVE_BEFORE),
          now + row.<Long>getAs(SeriesRows.NEGATIVE_NOW),
          gained + row.<Long>getAs(SeriesRows.GAINED),
          lost + row.<Long>getAs(SeriesRows.LOST));
    }
  }

  /**
   * Gathers the daily rows of many series, in the order of their keys.
   *
   * @param rows of {@link SeriesRows#daily}
   * @param last the last day of all series
   * @param judgedFrom documents of this day and later are in no control
   */
  static List<SeriesCounts> of(List<Row> rows, LocalDate last, LocalDate judgedFrom) {
    Map<SeriesKey, List<Row>> byKey = new TreeMap<>();
    for (Row row : rows) {
      byKey
          .computeIfAbsent(
              new SeriesKey(row.getAs(SeriesRows.KIND), row.getAs(SeriesRows.NAME)),
              key -> new ArrayList<>())
          .add(row);
    }
    List<SeriesCounts> all = new ArrayList<>();
    byKey.forEach((key, days) -> all.add(gather(key, days, last, judgedFrom)));
    return all;
  }

  private static SeriesCounts gather(
      SeriesKey key, List<Row> rows, LocalDate last, LocalDate judgedFrom) {
    LocalDate first = last;
    Control control = Control.NONE;
    for (Row row : rows) {
      LocalDate day = day(row);
      first = day.isBefore(first) ? day : first;
      control = day.isBefore(judgedFrom) ? control.plus(row) : control;
    }
    int days = Math.toIntExact(last.toEpochDay() - first.toEpochDay() + 1);
    SeriesCounts counts = new SeriesCounts(key, first, days, control);
    for (Row row : rows) {
      int at = counts.index(day(row));
      counts.documents[at] = row.<Long>getAs(SeriesRows.DOCUMENTS);
      counts.negatives[at] = row.<Long>getAs(SeriesRows.NEGATIVES);
      counts.readNow[at] = row.<Long>getAs(SeriesRows.READ_NOW);
    }
    return counts;
  }

  private static LocalDate day(Row row) {
    return row.<Date>getAs(Readings.DAY).toLocalDate();
  }

  private int index(LocalDate day) {
    return Math.toIntExact(day.toEpochDay() - first.toEpochDay());
  }

  SeriesKey key() {
    return key;
  }

  Control control() {
    return control;
  }

  LocalDate last() {
    return first.plusDays(documents.length - 1L);
  }

  DailySeries ofDocuments() {
    return DailySeries.of(key.series(), first, documents);
  }

  DailySeries ofNegatives() {
    return DailySeries.of(key.series(), first, negatives);
  }

  /** Returns the documents from a day to another, both included. */
  long documents(LocalDate from, LocalDate to) {
    return sum(documents, from, to);
  }

  /** Returns the negative documents from a day to another, both included. */
  long negatives(LocalDate from, LocalDate to) {
    return sum(negatives, from, to);
  }

  /** Returns the fraction of the documents of some days that the model in use has not read. */
  double readByOthers(LocalDate from, LocalDate to) {
    long all = sum(documents, from, to);
    return all == 0 ? 0 : 1 - (double) sum(readNow, from, to) / all;
  }

  private long sum(long[] counts, LocalDate from, LocalDate to) {
    int begin = Math.max(0, index(from));
    int end = Math.min(counts.length, index(to) + 1);
    return begin < end ? Arrays.stream(counts, begin, end).sum() : 0;
  }

  /** Returns the counts of the last days up to one of them, fewer where the series is shorter. */
  Course course(LocalDate to, int days) {
    int end = Math.max(0, Math.min(documents.length, index(to) + 1));
    int begin = Math.max(0, end - days);
    return new Course(
        first.plusDays(begin).toString(), part(documents, begin, end), part(negatives, begin, end));
  }

  private static List<Long> part(long[] counts, int begin, int end) {
    return Arrays.stream(counts, begin, end).boxed().toList();
  }
}
