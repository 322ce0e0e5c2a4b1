package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountSurgesTest {
  private static final LocalDate FIRST = LocalDate.of(2020, 1, 1);
  private static final CountSurges SURGES = CountSurges.by(CountOptions.DEFAULTS);

  /** Draws negative-binomial counts around a mean that depends on the day. */
  private static DailySeries series(
      int days, long seed, double dispersion, IntToDoubleFunction mean) {
    RandomGenerator random = new Well19937c(seed);
    long[] counts = new long[days];
    for (int day = 0; day < days; day++) {
      double today = mean.applyAsDouble(day);
      if (dispersion > 1) {
        today = new GammaDistribution(random, today / (dispersion - 1), dispersion - 1).sample();
      }
      counts[day] =
          today < 1e-9 ? 0 : new PoissonDistribution(random, today, 1e-12, 10_000).sample();
    }
    return DailySeries.of("topic:rates", FIRST, counts);
  }

  private static double weekly(int day) {
    DayOfWeek weekday = FIRST.plusDays(day).getDayOfWeek();
    return weekday.getValue() > 5 ? 4 : 20;
  }

  @ParameterizedTest
  @CsvSource({"20, SHORT", "55, SHORT", "56, RECENT", "700, RECENT", "745, SEASONAL"})
  void moreHistoryAllowsMoreAndTheJudgementSaysWhich(int days, Method method) {
    DailySeries series = series(days + 1, 1, 1, CountSurgesTest::weekly);

    assertThat(SURGES.judge(series, series.last()).method()).isEqualTo(method);
  }

  @Test
  void fewerThanFourteenDaysAreNotJudged() {
    DailySeries series = series(14, 1, 1, CountSurgesTest::weekly).with(FIRST.plusDays(13), 500);

    Judgement judgement = SURGES.judge(series, series.last());

    assertThat(judgement.outcome()).isEqualTo(Outcome.TOO_SHORT);
    assertThat(judgement.note()).isEqualTo("fewer than 14 days before it are known");
    assertThat(judgement.p()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"47, SHORT", "300, RECENT", "1200, SEASONAL"})
  void threeTimesTheUsualIsASurgeAndTheUsualIsNone(int days, Method method) {
    DailySeries series = series(days + 1, 2, 1.5, CountSurgesTest::weekly);
    long usual = Math.round(weekly(days));

    Judgement high = SURGES.judge(series.with(series.last(), 3 * usual + 3), series.last());
    Judgement low = SURGES.judge(series.with(series.last(), usual), series.last());

    assertThat(high.method()).isEqualTo(method);
    assertThat(high.outcome()).isEqualTo(Outcome.SURGE);
    assertThat(high.p()).isLessThan(0.01);
    assertThat(high.score()).isGreaterThan(1);
    assertThat(low.isSurge()).isFalse();
    assertThat(low.expected()).isBetween(0.6 * usual, 1.6 * usual);
    assertThat(low.limit()).isEqualTo(high.limit()).isGreaterThan((double) usual);
  }

  @Property(tries = 20)
  void aHigherCountIsNeverLessOfASurge(
      @ForAll @IntRange(min = 30, max = 400) int days, @ForAll @IntRange(max = 60) int seen) {
    DailySeries series = series(days + 1, days, 2, CountSurgesTest::weekly);

    Judgement one = SURGES.judge(series.with(series.last(), seen), series.last());
    Judgement more = SURGES.judge(series.with(series.last(), seen + 1), series.last());

    assertThat(more.p()).isLessThanOrEqualTo(one.p());
    assertThat(more.limit()).isEqualTo(one.limit());
    assertThat(one.isSurge()).isEqualTo(seen > one.limit() && seen >= 5);
  }

  @Test
  void daysAfterTheJudgedOneDoNotMatter() {
    DailySeries series = series(900, 3, 2, CountSurgesTest::weekly);
    LocalDate day = FIRST.plusDays(800);

    Judgement judgement = SURGES.judge(series, day);

    DailySeries changed = series;
    for (int later = 801; later < 900; later++) {
      changed = changed.with(FIRST.plusDays(later), 1000);
    }
    assertThat(SURGES.judge(changed, day)).isEqualTo(judgement);
  }

  @Test
  void daysInTheGuardBandDoNotMatter() {
    DailySeries series = series(900, 3, 2, CountSurgesTest::weekly);

    Judgement judgement = SURGES.judge(series, series.last());

    DailySeries changed = series;
    for (int back = 1; back <= 14; back++) {
      changed = changed.with(series.last().minusDays(back), 500);
    }
    assertThat(SURGES.judge(changed, series.last())).isEqualTo(judgement);
  }

  @Test
  void aRangeIsJudgedAsItsDaysAre() {
    DailySeries series = series(120, 4, 2, CountSurgesTest::weekly);

    List<Judgement> range = SURGES.judge(series, FIRST.plusDays(100), FIRST.plusDays(104));

    assertThat(range).hasSize(5);
    assertThat(range.get(3)).isEqualTo(SURGES.judge(series, FIRST.plusDays(103)));
  }

  @Test
  void aSeasonIsExpectedAfterTwoCycles() {
    IntToDoubleFunction winter =
        day -> 30 * Math.exp(Math.cos(2 * Math.PI * FIRST.plusDays(day).getDayOfYear() / 365.25));
    DailySeries series = series(1462, 5, 1, winter);
    LocalDate high = LocalDate.of(2023, 12, 31);

    Judgement judgement = SURGES.judge(series, high);

    assertThat(judgement.method()).isEqualTo(Method.SEASONAL);
    assertThat(judgement.expected()).isBetween(70.0, 95.0);
    assertThat(SURGES.judge(series, LocalDate.of(2023, 7, 1)).expected()).isBetween(9.0, 15.0);
  }

  @Test
  void aPastSurgeHidesNoLaterOne() {
    DailySeries calm = series(300, 6, 1, day -> 20);
    DailySeries surged = calm;
    for (int day = 240; day < 250; day++) {
      surged = surged.with(FIRST.plusDays(day), 150);
    }

    double limit = SURGES.judge(surged, surged.last()).limit();

    assertThat(limit).isLessThan(SURGES.judge(calm, calm.last()).limit() + 15);
  }

  @Test
  void holidaysHaveALevelOfTheirOwn() {
    LocalDate[] holidays = new LocalDate[12];
    DailySeries series = series(365, 7, 1, day -> 40);
    for (int month = 0; month < 12; month++) {
      holidays[month] = FIRST.plusDays(20 + 30L * month);
      series = series.with(holidays[month], 1);
    }
    CountSurges aware =
        new CountSurges(CountOptions.DEFAULTS, new Holidays(Set.of(holidays)), Masks.NONE);

    double expected = aware.judge(series, holidays[11]).expected();

    assertThat(expected).isLessThan(8);
    assertThat(SURGES.judge(series, holidays[11]).expected()).isGreaterThan(30);
  }

  @Test
  void maskedDaysAreNeitherJudgedNorLearntFrom() {
    DailySeries series = series(120, 8, 1, day -> day >= 60 && day < 90 ? 200 : 20);
    Masks masks =
        new Masks(
            List.of(
                new Mask("topic:rates", FIRST.plusDays(60), FIRST.plusDays(89), "our own move"),
                new Mask("*", FIRST.plusDays(118), FIRST.plusDays(118), "outage")));
    CountSurges masking = new CountSurges(CountOptions.DEFAULTS, Holidays.NONE, masks);

    Judgement masked = masking.judge(series, FIRST.plusDays(118));
    Judgement judged = masking.judge(series, FIRST.plusDays(119));

    assertThat(masked.outcome()).isEqualTo(Outcome.MASKED);
    assertThat(masked.note()).isEqualTo("outage");
    assertThat(judged.expected()).isBetween(15.0, 25.0);
  }

  @Test
  void missingAndFutureDaysAreNotJudged() {
    DailySeries series =
        series(120, 9, 1, day -> 20).with(FIRST.plusDays(119), DailySeries.MISSING);

    assertThat(SURGES.judge(series, FIRST.plusDays(119)).outcome()).isEqualTo(Outcome.MISSING);
    assertThat(SURGES.judge(series, FIRST.plusDays(150)).outcome()).isEqualTo(Outcome.MISSING);
    assertThat(SURGES.judge(series, FIRST.minusDays(1)).outcome()).isEqualTo(Outcome.MISSING);
  }

  @Test
  void afterAGapOfAYearWhatIsKnownIsUsed() {
    long[] counts = new long[1200];
    for (int day = 0; day < counts.length; day++) {
      counts[day] = day > 700 && day < 1066 ? DailySeries.MISSING : 18 + day % 5;
    }
    DailySeries series = DailySeries.of("a", FIRST, counts);

    Judgement back = SURGES.judge(series, FIRST.plusDays(1070));
    Judgement later = SURGES.judge(series, series.last());

    assertThat(back.outcome().isJudged() || back.outcome() == Outcome.TOO_SHORT).isTrue();
    assertThat(later.outcome()).isEqualTo(Outcome.QUIET);
    assertThat(later.expected()).isBetween(17.0, 23.0);
  }

  @Test
  void nothingIsExpectedOfASeriesThatWasNeverSeenAndFewAreTooFew() {
    for (int days : new int[] {30, 200, 1500}) {
      DailySeries zeros = DailySeries.of("entity:NEW", FIRST, new long[days]);

      assertThat(SURGES.judge(zeros, zeros.last()).isSurge()).isFalse();
      Judgement once = SURGES.judge(zeros.with(zeros.last(), 1), zeros.last());
      assertThat(once.outcome()).isEqualTo(Outcome.TOO_FEW);
      assertThat(once.expected()).isLessThan(0.05);
      assertThat(SURGES.judge(zeros.with(zeros.last(), 9), zeros.last()).outcome())
          .isEqualTo(Outcome.SURGE);
    }
  }

  @Test
  void anEntitySeenOnceLongAgoIsExpectedHardlyAgain() {
    DailySeries once = DailySeries.of("entity:A", FIRST, new long[1500]).with(FIRST, 3);

    Judgement judgement = SURGES.judge(once, once.last());

    assertThat(judgement.outcome()).isEqualTo(Outcome.TOO_FEW);
    assertThat(judgement.expected()).isBetween(0.0, 0.1);
  }

  /**
   * Simulates series without surges: alarms are no more frequent than stated, and not so rare that
   * the limit would be useless.
   */
  @ParameterizedTest
  @CsvSource({"50, 1.5, 300", "300, 2, 120", "1300, 2, 25"})
  void falseAlarmsAreAsRareAsStated(int history, double dispersion, int runs) {
    CountSurges surges = CountSurges.by(CountOptions.DEFAULTS.withLevel(0.05));
    int judged = 0;
    int alarms = 0;
    for (int run = 0; run < runs; run++) {
      DailySeries series = series(history + 40, 100 + run, dispersion, day -> 3 * weekly(day));
      // Days ten apart share little of what was learnt.
      for (int day = history; day < history + 40; day += history < 60 ? 40 : 10) {
        judged++;
        alarms += surges.judge(series, FIRST.plusDays(day)).isSurge() ? 1 : 0;
      }
    }

    double rate = (double) alarms / judged;
    double error = Math.sqrt(0.05 * 0.95 / judged);
    assertThat(rate).isBetween(0.02 - 3 * error, 0.05 + 3 * error);
  }
}
