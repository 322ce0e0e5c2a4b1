package io.attune.pipeline.surge;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;

/**
 * Holds the counts of one series for each day of a range, such as the negative documents of a
 * topic. A day is zero if its documents were read and none counted; it is missing if nothing is
 * known about it.
 */
public final class DailySeries implements Serializable {
  private static final long serialVersionUID = 1;

  /** Stands for the count of a day about which nothing is known. */
  public static final long MISSING = -1;

  private final String name;
  private final LocalDate first;
  private final long[] counts;

  private DailySeries(String name, LocalDate first, long[] counts) {
    this.name = name;
    this.first = first;
    this.counts = counts;
  }

  /** Returns a series from its first day on; a count may be {@link #MISSING}. */
  public static DailySeries of(String name, LocalDate first, long... counts) {
    for (int day = 0; day < counts.length; day++) {
      require(
          counts[day] >= MISSING,
          "series '%s' has %d on %s: a count must be at least 0, or -1 for a missing day",
          name,
          counts[day],
          first.plusDays(day));
    }
    return new DailySeries(name, first, counts.clone());
  }

  /**
   * Returns the days of a range: those without an entry are zero. Entries outside the range (of
   * documents dated in the future, for example) are not part of the series.
   *
   * @param last the last day, included
   */
  public static DailySeries between(
      String name, LocalDate first, LocalDate last, Map<LocalDate, Long> counts) {
    require(
        !last.isBefore(first), "series '%s' ends on %s, before its start %s", name, last, first);
    long[] days = new long[Math.toIntExact(last.toEpochDay() - first.toEpochDay() + 1)];
    counts.forEach(
        (day, count) -> {
          if (!day.isBefore(first) && !day.isAfter(last)) {
            days[Math.toIntExact(day.toEpochDay() - first.toEpochDay())] = count;
          }
        });
    return of(name, first, days);
  }

  public String name() {
    return name;
  }

  public LocalDate first() {
    return first;
  }

  /** Returns the last day; the day before the first one if the series is empty. */
  public LocalDate last() {
    return first.plusDays(counts.length - 1L);
  }

  /** Returns how many days the range has, missing ones included. */
  public int days() {
    return counts.length;
  }

  /** Returns the count of a day, or {@link #MISSING} if it is missing or outside the range. */
  public long count(LocalDate day) {
    return count(index(day));
  }

  /** Returns the position of a day, which may be outside the range. */
  int index(LocalDate day) {
    return Math.toIntExact(day.toEpochDay() - first.toEpochDay());
  }

  long count(int index) {
    return index < 0 || index >= counts.length ? MISSING : counts[index];
  }

  /** Returns this series with the days missing that a mask names for it. */
  public DailySeries without(Masks masks) {
    long[] left = counts.clone();
    for (Mask mask : masks.of(name)) {
      int from = Math.max(0, index(mask.from()));
      int to = Math.min(left.length - 1, index(mask.to()));
      if (from <= to) {
        Arrays.fill(left, from, to + 1, MISSING);
      }
    }
    return new DailySeries(name, first, left);
  }

  /** Returns this series with a day's count replaced, as a late document does. */
  public DailySeries with(LocalDate day, long count) {
    require(
        !day.isBefore(first) && !day.isAfter(last()),
        "series '%s' has no day %s: it goes from %s to %s",
        name,
        day,
        first,
        last());
    long[] changed = counts.clone();
    changed[index(day)] = count;
    return of(name, first, changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DailySeries series
        && name.equals(series.name)
        && first.equals(series.first)
        && Arrays.equals(counts, series.counts);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + first.hashCode()) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "%s from %s: %s".formatted(name, first, Arrays.toString(counts));
  }
}
