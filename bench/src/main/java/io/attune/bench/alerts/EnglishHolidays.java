package io.attune.bench.alerts;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Set;
import java.util.TreeSet;

/** Computes the bank holidays of England and Wales, without those of single years. */
final class EnglishHolidays {
  private EnglishHolidays() {}

  /** Returns the holidays of some years, the last one included. */
  static Set<LocalDate> of(int firstYear, int lastYear) {
    Set<LocalDate> days = new TreeSet<>();
    for (int year = firstYear; year <= lastYear; year++) {
      LocalDate easter = easter(year);
      days.add(easter.minusDays(2));
      days.add(easter.plusDays(1));
      days.add(monday(LocalDate.of(year, 5, 1)));
      days.add(LocalDate.of(year, 5, 31).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
      days.add(LocalDate.of(year, 8, 31).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
      addMoved(days, LocalDate.of(year, 1, 1));
      addMoved(days, LocalDate.of(year, 12, 25));
      addMoved(days, LocalDate.of(year, 12, 26));
    }
    return days;
  }

  private static LocalDate monday(LocalDate first) {
    return first.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
  }

  /** Adds a day, or the next free weekday after it. */
  private static void addMoved(Set<LocalDate> days, LocalDate day) {
    LocalDate moved = day;
    while (moved.getDayOfWeek().getValue() > 5 || days.contains(moved)) {
      moved = moved.plusDays(1);
    }
    days.add(moved);
  }

  /** Computes Easter Sunday by the anonymous Gregorian algorithm (Meeus 1991, chapter 8). */
  static LocalDate easter(int year) {
    int a = year % 19;
    int b = year / 100;
    int c = year % 100;
    int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int month = (h + l - 7 * m + 114) / 31;
    return LocalDate.of(year, month, (h + l - 7 * m + 114) % 31 + 1);
  }
}
