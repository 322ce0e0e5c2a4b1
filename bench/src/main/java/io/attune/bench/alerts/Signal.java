package io.attune.bench.alerts;

import io.attune.pipeline.surge.DailySeries;
import io.attune.pipeline.surge.Holidays;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * Simulates seven years of a kind of signal with one outbreak in the last 49 weeks. Days are those
 * of its week, without weekends where it has five, and counted from 0.
 */
final class Signal {
  static final int YEARS = 7;
  private static final LocalDate MONDAY = LocalDate.of(2001, 1, 1);
  private static final int JUDGED_WEEKS = 49;

  /** Spread of an outbreak's cases over days: log-normal, in these units of time. */
  private static final double SPREAD = 0.5;

  private static final double OUTBREAK_UNIT = 0.25;
  private static final double SEASON_UNIT = 0.02;

  static final Holidays HOLIDAYS = new Holidays(EnglishHolidays.of(2001, 2007));

  private final SignalKind kind;
  private final RandomGenerator random;
  private final long[] counts;
  private final double[] outbreak;
  private final int start;

  private Signal(SignalKind kind, double size, long seed) {
    this.kind = kind;
    // The same noise for each size of outbreak, so that sizes are comparable.
    this.random = new Well19937c(seed * 100 + kind.number());
    int days = YEARS * kind.yearDays();
    double[] values = noise(days);
    addSeasons(values);
    this.outbreak = new double[days];
    this.start = days - judgedDays() + random.nextInt(judgedDays());
    spread(outbreak, start, size * kind.weekDays(), OUTBREAK_UNIT);
    this.counts = new long[days];
    for (int day = 0; day < days; day++) {
      values[day] += outbreak[day];
    }
    applyHolidays(values);
    for (int day = 0; day < days; day++) {
      counts[day] = Math.round(values[day]);
    }
  }

  /**
   * Returns a simulated signal.
   *
   * @param size of the outbreak, in standard deviations of a day, for each day of a week
   */
  static Signal of(SignalKind kind, double size, long seed) {
    return new Signal(kind, size, seed);
  }

  private double[] noise(int days) {
    double[] values = new double[days];
    for (int day = 0; day < days; day++) {
      double mean = kind.mean(day + 1);
      if (kind.dispersion() > 1) {
        mean =
            new GammaDistribution(random, mean / (kind.dispersion() - 1), kind.dispersion() - 1)
                .sample();
      }
      values[day] = (double) poisson(mean) / kind.divisor();
    }
    return values;
  }

  private long poisson(double mean) {
    return mean <= 0
        ? 0
        : new PoissonDistribution(
                random,
                mean,
                PoissonDistribution.DEFAULT_EPSILON,
                PoissonDistribution.DEFAULT_MAX_ITERATIONS)
            .sample();
  }

  private void addSeasons(double[] values) {
    SignalKind.Season season = kind.season();
    for (int year = 0; year < YEARS && season.from() > 0; year++) {
      int day = season.from() - 1 + random.nextInt(season.to() - season.from() + 1);
      spread(values, year * kind.yearDays() + day, season.size(), SEASON_UNIT);
    }
  }

  /** Adds the cases of an outbreak to days. */
  private void spread(double[] values, int from, double size, double unit) {
    long cases = 0;
    while (cases < 2) {
      cases = poisson(kind.deviation(from + 1) * size);
    }
    for (long i = 0; i < cases; i++) {
      int day = from + (int) (Math.exp(SPREAD * random.nextGaussian()) / unit);
      if (day < values.length) {
        values[day] += weight(day);
      }
    }
  }

  /** Returns how a day of the week is weighted in an outbreak. */
  private double weight(int day) {
    int ofWeek = day % kind.weekDays();
    if (kind.weekDays() == 7) {
      return ofWeek >= 5 ? 2 : 1;
    }
    return switch (ofWeek) {
      case 0 -> 1.5;
      case 1, 4 -> 1.1;
      default -> 1;
    };
  }

  /** Doubles holidays of a seven-day week; empties those of five days, and the next has more. */
  private void applyHolidays(double[] values) {
    for (int day = 0; day < values.length; day++) {
      if (HOLIDAYS.days().contains(date(day))) {
        if (kind.weekDays() == 7) {
          values[day] *= 2;
        } else {
          values[day] = 0;
          if (day + 1 < values.length) {
            values[day + 1] *= 1.5;
          }
        }
      }
    }
  }

  SignalKind kind() {
    return kind;
  }

  int days() {
    return counts.length;
  }

  int judgedDays() {
    return JUDGED_WEEKS * kind.weekDays();
  }

  /** Returns the first judged day. */
  int judgedFrom() {
    return counts.length - judgedDays();
  }

  long count(int day) {
    return counts[day];
  }

  /** Returns the day on which the outbreak begins. */
  int start() {
    return start;
  }

  boolean isOutbreak(int day) {
    return Math.round(outbreak[day]) > 0;
  }

  LocalDate date(int day) {
    return MONDAY.plusDays(7L * (day / kind.weekDays()) + day % kind.weekDays());
  }

  /** Returns the signal by date: weekends of a five-day week are zero. */
  DailySeries series() {
    Map<LocalDate, Long> days = new HashMap<>();
    for (int day = 0; day < counts.length; day++) {
      days.put(date(day), counts[day]);
    }
    return DailySeries.between("kind " + kind.number(), MONDAY, date(counts.length - 1), days);
  }
}
