package io.attune.bench.alerts;

import java.util.List;

/**
 * Describes one of the sixteen kinds of daily signal of Noufaily et al. 2019 (Bioinformatics
 * 35(17):3110, 2.2 and its supplement): negative-binomial counts whose logarithm of the mean is
 * {@code level + trend t + annual harmonics + weekly harmonics}.
 *
 * @param weekDays 5 or 7; counts of a five-day week have no weekends
 * @param annual harmonics of the year of 52 weeks, all with the same two amplitudes
 * @param weekly harmonics of the week, likewise
 * @param dispersion variance divided by mean
 * @param shift of time, in days
 * @param divisor by which counts are divided after they are drawn
 * @param season the outbreak that each year has at about the same time
 */
record SignalKind(
    int number,
    int weekDays,
    Harmonics annual,
    Harmonics weekly,
    double level,
    double trend,
    double dispersion,
    int shift,
    int divisor,
    Season season) {

  /** Holds the deviation of kind 6 on days 210 to 230, as a fraction of that of kind 15. */
  private static final double OF_KIND_6 = 0.2;

  /** Holds how many harmonics there are, and their amplitudes. */
  record Harmonics(int count, double cosine, double sine) {
    double at(double time, double period) {
      double sum = 0;
      for (int harmonic = 1; harmonic <= count; harmonic++) {
        double angle = 2 * Math.PI * harmonic * time / period;
        sum += cosine * Math.cos(angle) + sine * Math.sin(angle);
      }
      return sum;
    }
  }

  /**
   * Describes a yearly outbreak, of which nobody need be told.
   *
   * @param from the first of the days of the year on which it may begin; 0 if there is none
   * @param to the last of them
   * @param size in standard deviations of a day
   */
  record Season(int from, int to, double size) {
    static final Season NONE = new Season(0, 0, 0);
  }

  static final List<SignalKind> ALL =
      List.of(
          week(1, 7).annual(1, 0.2, 0.2).weekly(2, 0.5, 0.4).level(6, 2).shift(29),
          week(2, 7).annual(1, 1.5, 1.4).weekly(2, 0.5, 0.4).level(0.5, 1).shift(-167),
          week(3, 7).weekly(2, 0.3, 0.25).level(5.5, 1).shift(1),
          week(4, 7).weekly(2, 0.3, 0.25).level(2, 1).shift(1),
          week(5, 5)
              .annual(1, 0.3, 2)
              .weekly(1, 0.3, 0.5)
              .level(6, 1.5)
              .shift(-50)
              .dividedBy(10)
              .with(new Season(1, 20, 3 * 5 * 80)),
          week(6, 5)
              .annual(1, 0.1, 2)
              .weekly(1, 0.05, 0.05)
              .level(1, 1)
              .shift(-50)
              .with(new Season(1, 20, 3 * 5 * 50)),
          week(7, 5).weekly(1, 0.6, 0.9).level(6, 1.5).trend(0.0001).dividedBy(10),
          week(8, 5).annual(1, 1.5, 0.1).weekly(1, 0.2, 0.3).level(3, 1).shift(-150),
          week(9, 5).annual(1, 0.2, 0.1).weekly(1, 0.05, 0.15).level(3, 1).shift(-200),
          week(10, 5).annual(1, 0.2, 0.1).weekly(1, 0.05, 0.1).level(5, 1),
          week(11, 5).annual(2, 0.4, 0).weekly(1, 0.05, 0.15).level(0.5, 1),
          week(12, 5).annual(1, 0.5, 0.2).weekly(1, 0.2, 0.5).level(9, 1).dividedBy(100),
          week(13, 7).annual(1, 0.8, 0.8).weekly(2, 0.8, 0.4).level(2, 4).trend(0.0005).shift(57),
          week(14, 7).annual(4, 0.01, 0.01).weekly(1, 1.8, 0.1).level(0.05, 1).shift(-85),
          // In the paper's program the size of this season follows from the mean of kind 6.
          week(15, 7)
              .annual(1, 0.8, 0.6)
              .weekly(2, 0.8, 0.4)
              .level(3, 4)
              .shift(29)
              .with(new Season(210, 230, 3 * 7 * 150 * OF_KIND_6)),
          week(16, 7).weekly(2, 0.8, 0.4).level(6, 4).shift(1));

  private static SignalKind week(int number, int days) {
    Harmonics none = new Harmonics(0, 0, 0);
    return new SignalKind(number, days, none, none, 0, 0, 1, 0, 1, Season.NONE);
  }

  private SignalKind annual(int count, double cosine, double sine) {
    Harmonics changed = new Harmonics(count, cosine, sine);
    return new SignalKind(
        number, weekDays, changed, weekly, level, trend, dispersion, shift, divisor, season);
  }

  private SignalKind weekly(int count, double cosine, double sine) {
    Harmonics changed = new Harmonics(count, cosine, sine);
    return new SignalKind(
        number, weekDays, annual, changed, level, trend, dispersion, shift, divisor, season);
  }

  private SignalKind level(double logarithm, double variance) {
    return new SignalKind(
        number, weekDays, annual, weekly, logarithm, trend, variance, shift, divisor, season);
  }

  private SignalKind trend(double aDay) {
    return new SignalKind(
        number, weekDays, annual, weekly, level, aDay, dispersion, shift, divisor, season);
  }

  private SignalKind shift(int days) {
    return new SignalKind(
        number, weekDays, annual, weekly, level, trend, dispersion, days, divisor, season);
  }

  private SignalKind dividedBy(int by) {
    return new SignalKind(
        number, weekDays, annual, weekly, level, trend, dispersion, shift, by, season);
  }

  private SignalKind with(Season yearly) {
    return new SignalKind(
        number, weekDays, annual, weekly, level, trend, dispersion, shift, divisor, yearly);
  }

  /** Returns the days of a year of 52 weeks. */
  int yearDays() {
    return 52 * weekDays;
  }

  /** Returns the mean of the counts as they are drawn, on a day from 1 on. */
  double mean(int day) {
    double time = day + shift;
    return Math.exp(level + trend * time + annual.at(time, yearDays()) + weekly.at(time, weekDays));
  }

  /** Returns their standard deviation. */
  double deviation(int day) {
    return Math.sqrt(mean(day) * dispersion);
  }
}
