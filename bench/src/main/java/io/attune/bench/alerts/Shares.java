package io.attune.bench.alerts;

import io.attune.pipeline.surge.DailySeries;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.ShareOptions;
import io.attune.pipeline.surge.ShareSurges;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * Measures false alarms of shares, and how soon a doubling is found, on simulated series.
 *
 * @param share of the negative documents
 * @param correlation between two documents of a day
 * @param documents a day, on average
 */
record Shares(double share, double correlation, double documents) {
  private static final LocalDate FIRST = LocalDate.of(2001, 1, 1);
  private static final LocalDate JUDGED = LocalDate.of(2002, 3, 1);
  private static final int YEAR = 365;

  /** Days within which a doubling should be found, and after which it counts as missed. */
  static final int SOON = 3;

  private static final int LATE = 30;

  /**
   * Holds what was measured.
   *
   * @param falseAlarms alarms in series of one year each without a change
   * @param soon fraction of doublings found on one of their first three days
   * @param days mean days to detection, the first day being 1
   */
  record Result(int series, long falseAlarms, double soon, double days) {}

  /** Judges so many years of series without a change, and as many with one. */
  Result measure(int series, ShareOptions options, long seed) {
    ShareSurges surges = ShareSurges.by(options);
    long falseAlarms =
        IntStream.range(0, series)
            .parallel()
            .mapToLong(
                number ->
                    judge(surges, 0, mixed(seed, number)).stream()
                        .filter(Judgement::isSurge)
                        .count())
            .sum();
    int[] delays =
        IntStream.range(0, series)
            .parallel()
            .map(number -> delay(surges, mixed(seed + 1, number)))
            .toArray();
    return new Result(
        series,
        falseAlarms,
        (double) Arrays.stream(delays).filter(days -> days <= SOON).count() / series,
        Arrays.stream(delays).average().orElse(Double.NaN));
  }

  private static long mixed(long seed, int number) {
    return seed * 1_000_003L + number;
  }

  /** Returns the day of a doubling on which it is found. */
  private int delay(ShareSurges surges, long seed) {
    List<Judgement> days = judge(surges, YEAR / 2, seed);
    for (int day = 0; day < LATE; day++) {
      if (days.get(YEAR / 2 + day).isSurge()) {
        return day + 1;
      }
    }
    return LATE;
  }

  /** Judges a year; from one of its days on the share is twice as high, unless that is 0. */
  private List<Judgement> judge(ShareSurges surges, int doubled, long seed) {
    RandomGenerator random = new Well19937c(seed);
    int before = Math.toIntExact(JUDGED.toEpochDay() - FIRST.toEpochDay());
    long[] whole = new long[before + YEAR];
    long[] part = new long[whole.length];
    PoissonDistribution size = new PoissonDistribution(random, documents, 1e-12, 10_000);
    for (int day = 0; day < whole.length; day++) {
      boolean isDoubled = doubled > 0 && day >= before + doubled;
      whole[day] = size.sample();
      part[day] = negative(random, correlation, (int) whole[day], isDoubled ? 2 * share : share);
    }
    return surges.judge(
        DailySeries.of("negative", FIRST, part),
        DailySeries.of("all", FIRST, whole),
        List.of(JUDGED, JUDGED.plusDays(YEAR - 1L)));
  }

  /** Draws how many documents of a day are negative. */
  static int negative(RandomGenerator random, double correlation, int size, double mean) {
    double precision = 1 / correlation - 1;
    double today =
        correlation == 0
            ? mean
            : new BetaDistribution(random, mean * precision, (1 - mean) * precision).sample();
    return new BinomialDistribution(random, size, today).sample();
  }
}
