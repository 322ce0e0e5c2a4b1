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
  private final Controls controls;

  private SeriesCounts(SeriesKey key, LocalDate first, int days, Controls controls) {
    this.key = key;
    this.first = first;
    this.documents = new long[days];
    this.negatives = new long[days];
    this.readNow = new long[days];
    this.controls = controls;
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

    private static Control of(Row row) {
      return new Control(
          row.getAs(SeriesRows.READ_BY_BOTH),
          row.getAs(SeriesRows.NEGATIVE_BEFORE),
          row.getAs(SeriesRows.NEGATIVE_NOW),
          row.getAs(SeriesRows.GAINED),
          row.getAs(SeriesRows.LOST));
    }
  }

  /**
   * Holds the controls of a series.
   *
   * @param ofCounts of documents that count for the series to either model
   * @param ofShares of documents of the series to both
   */
  record Controls(Control ofCounts, Control ofShares) implements Serializable {
    static final Controls NONE = new Controls(Control.NONE, Control.NONE);

    /** Reads rows of {@link SeriesRows#controls}. */
    static Map<SeriesKey, Controls> of(List<Row> rows) {
      Map<SeriesKey, Controls> controls = new TreeMap<>();
      for (Row row : rows) {
        controls.put(
            SeriesCounts.key(row),
            new Controls(
                Control.of(row.getAs(SeriesRows.OF_COUNTS)),
                Control.of(row.getAs(SeriesRows.OF_SHARES))));
      }
      return controls;
    }
  }

  /**
   * Gathers the daily rows of many series, in the order of their keys.
   *
   * @param rows of {@link SeriesRows#daily}
   * @param last the last day of all series
   * @param controls by series; a series that is not among them has none
   */
  static List<SeriesCounts> of(List<Row> rows, LocalDate last, Map<SeriesKey, Controls> controls) {
    Map<SeriesKey, List<Row>> byKey = new TreeMap<>();
    for (Row row : rows) {
      byKey.computeIfAbsent(key(row), key -> new ArrayList<>()).add(row);
    }
    List<SeriesCounts> all = new ArrayList<>();
    byKey.forEach(
        (key, days) -> all.add(gather(key, days, last, controls.getOrDefault(key, Controls.NONE))));
    return all;
  }

  private static SeriesCounts gather(
      SeriesKey key, List<Row> rows, LocalDate last, Controls controls) {
    LocalDate first = last;
    for (Row row : rows) {
      LocalDate day = day(row);
      first = day.isBefore(first) ? day : first;
    }
    int days = Math.toIntExact(last.toEpochDay() - first.toEpochDay() + 1);
    SeriesCounts counts = new SeriesCounts(key, first, days, controls);
    for (Row row : rows) {
      int at = counts.index(day(row));
      counts.documents[at] = row.<Long>getAs(SeriesRows.DOCUMENTS);
      counts.negatives[at] = row.<Long>getAs(SeriesRows.NEGATIVES);
      counts.readNow[at] = row.<Long>getAs(SeriesRows.READ_NOW);
    }
    return counts;
  }

  private static SeriesKey key(Row row) {
    return new SeriesKey(row.getAs(SeriesRows.KIND), row.getAs(SeriesRows.NAME));
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

  Controls controls() {
    return controls;
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
