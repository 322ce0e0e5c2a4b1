package io.attune.jobs.demo;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Random;

/**
 * Describes a night of the demo and the days whose texts it ingests.
 *
 * @param from first day, UTC
 * @param until the day after the last
 */
record Night(LocalDate date, LocalDate from, LocalDate until) {
  /** Holds the night that ingests the archive. */
  static final Night FIRST =
      new Night(DemoCorpus.FIRST_NIGHT, LocalDate.of(2025, 10, 1), LocalDate.of(2025, 12, 22));

  /** Holds the night that ingests the newest two weeks, which end with the surge. */
  static final Night SECOND =
      new Night(DemoCorpus.SECOND_NIGHT, LocalDate.of(2025, 12, 22), DemoCorpus.SECOND_NIGHT);

  /** Holds the probability that a text of a weekend moves to another day. */
  private static final double QUIET_WEEKEND = 0.6;

  /** Draws a moment of the night's days, UTC, less often at weekends. */
  LocalDateTime moment(Random random) {
    LocalDate day = anyDay(random);
    if (day.getDayOfWeek().getValue() > 5 && random.nextDouble() < QUIET_WEEKEND) {
      day = anyDay(random);
    }
    return moment(day, random);
  }

  private LocalDate anyDay(Random random) {
    return from.plusDays(random.nextInt((int) (until.toEpochDay() - from.toEpochDay())));
  }

  /** Draws a moment of a day, early enough that a later repeat has the same date. */
  static LocalDateTime moment(LocalDate day, Random random) {
    int minutesBeforeTen = 22 * 60;
    return day.atStartOfDay()
        .plusMinutes(random.nextInt(minutesBeforeTen))
        .plusSeconds(random.nextInt(60));
  }
}
