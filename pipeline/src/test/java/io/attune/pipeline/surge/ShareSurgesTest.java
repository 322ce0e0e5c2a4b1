package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

class ShareSurgesTest {
  private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);
  private static final int DOCUMENTS = 30;
  private static final ShareSurges SURGES = ShareSurges.by(ShareOptions.DEFAULTS);

  private static DailySeries all(int days) {
    long[] counts = new long[days];
    Arrays.fill(counts, DOCUMENTS);
    return DailySeries.of("all", FIRST, counts);
  }

  /** Draws the negative documents of each day; their share rises on one. */
  private static DailySeries negative(int days, long seed, int from, double raised) {
    Well19937c random = new Well19937c(seed);
    long[] counts = new long[days];
    for (int day = 0; day < days; day++) {
      counts[day] = new BinomialDistribution(random, DOCUMENTS, day < from ? 0.2 : raised).sample();
    }
    return DailySeries.of("negative", FIRST, counts);
  }

  @Test
  void aDoubledShareIsFoundWithinDays() {
    int found = 0;
    for (int run = 0; run < 40; run++) {
      DailySeries part = negative(303, run, 300, 0.4);
      found +=
          SURGES.judge(part, all(303), List.of(FIRST.plusDays(300), FIRST.plusDays(302))).stream()
                  .anyMatch(Judgement::isSurge)
              ? 1
              : 0;
    }

    assertThat(found).isGreaterThanOrEqualTo(36);
  }

  @Test
  void aSlowRiseIsSignificantAmongAThousandSeriesWithinAMonth() {
    ShareSurges yearly = ShareSurges.by(ShareOptions.DEFAULTS.withRunLength(365));
    List<LocalDate> days = List.of(FIRST.plusDays(400), FIRST.plusDays(429));
    int found = 0;
    for (int run = 0; run < 60; run++) {
      DailySeries part = negative(430, 2000 + run, 400, 0.3);
      found +=
          yearly.judge(part, all(430), days).stream()
                  .anyMatch(judgement -> judgement.isSurge() && judgement.lasting() <= 0.1 / 1000)
              ? 1
              : 0;
    }

    assertThat(found).isGreaterThanOrEqualTo(48);
  }

  @Test
  void aQuietDayAfterAnAlarmIsNotSignificantForTheAlarm() {
    DailySeries part = negative(400, 9, 400, 0.2).with(FIRST.plusDays(398), 25);
    LocalDate day = FIRST.plusDays(399);

    assertThat(SURGES.judge(part, all(400), day.minusDays(1)).isSurge()).isTrue();
    assertThat(SURGES.judge(part.with(day, 6), all(400), day).lasting()).isGreaterThan(0.1);
  }

  @Test
  void falseAlarmsAreAsRareAsStated() {
    ShareSurges surges = ShareSurges.by(ShareOptions.DEFAULTS.withRunLength(60));
    int runs = 30;
    long alarms = 0;
    for (int run = 0; run < runs; run++) {
      DailySeries part = negative(790, 1000 + run, 790, 0.2);
      alarms +=
          surges.judge(part, all(790), List.of(FIRST.plusDays(425), FIRST.plusDays(789))).stream()
              .filter(Judgement::isSurge)
              .count();
    }

    double expected = runs * 365 / 60.0;
    // What is usual is estimated, which adds to the chance of the alarms themselves.
    assertThat((double) alarms)
        .isBetween(
            0.85 * expected - 3 * Math.sqrt(expected), 1.15 * expected + 3 * Math.sqrt(expected));
  }

  @Test
  void judgesTheSameDayTheSameWhateverComesAfterIt() {
    DailySeries part = negative(400, 5, 390, 0.5);
    LocalDate day = FIRST.plusDays(391);

    Judgement judgement = SURGES.judge(part, all(400), day);

    assertThat(SURGES.judge(part.with(day.plusDays(3), 30), all(400), day)).isEqualTo(judgement);
    assertThat(judgement.method()).isEqualTo(Method.SHARE);
    assertThat(judgement.expected()).isBetween(5.0, 7.0);
  }

  @Test
  void theLimitIsTheHighestCountWithoutAnAlarm() {
    DailySeries part = negative(400, 6, 400, 0.2);
    LocalDate day = FIRST.plusDays(399);
    long limit = (long) SURGES.judge(part, all(400), day).limit();

    assertThat(SURGES.judge(part.with(day, limit), all(400), day).isSurge()).isFalse();
    assertThat(SURGES.judge(part.with(day, limit + 1), all(400), day).isSurge()).isTrue();
  }

  @Test
  void daysWithoutDocumentsMaskedDaysAndShortHistoriesAreNotJudged() {
    DailySeries part = negative(400, 7, 400, 0.2);
    LocalDate day = FIRST.plusDays(399);
    DailySeries empty = all(400).with(day, 0);
    Masks masks = new Masks(List.of(new Mask("negative", day, day, "known")));

    assertThat(SURGES.judge(part.with(day, 0), empty, day).outcome()).isEqualTo(Outcome.MISSING);
    assertThat(new ShareSurges(ShareOptions.DEFAULTS, masks).judge(part, all(400), day).outcome())
        .isEqualTo(Outcome.MASKED);
    assertThat(SURGES.judge(part, all(400), FIRST.plusDays(20)).outcome())
        .isEqualTo(Outcome.TOO_SHORT);
  }

  @Test
  void aShareOfNothingOrOfEverythingIsJudged() {
    DailySeries none = DailySeries.of("negative", FIRST, new long[200]);
    DailySeries whole = all(200);

    assertThat(SURGES.judge(none, whole, whole.last()).outcome()).isEqualTo(Outcome.QUIET);
    assertThat(SURGES.judge(none.with(whole.last(), 20), whole, whole.last()).outcome())
        .isEqualTo(Outcome.SURGE);
    assertThat(SURGES.judge(whole, whole, whole.last()).isSurge()).isFalse();
  }

  @Test
  void refusesAPartLargerThanTheWhole() {
    DailySeries part = negative(200, 8, 200, 0.2).with(FIRST.plusDays(199), 31);

    assertThatThrownBy(() -> SURGES.judge(part, all(200), FIRST.plusDays(199)))
        .hasMessage(
            "series 'negative' counts 31 on 2024-07-18, more than the 30 documents it is a part"
                + " of");
  }
}
