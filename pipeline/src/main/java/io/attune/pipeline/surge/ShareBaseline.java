package io.attune.pipeline.surge;

import java.util.Arrays;
import java.util.Optional;

/**
 * Holds the usual share of a series in another, how it varies, and the limit of its cumulative sum.
 *
 * @param usual the distribution of a day's count
 * @param raised the one that is looked for
 * @param limit of the sum of log-likelihood ratios
 */
record ShareBaseline(BetaBinomial usual, BetaBinomial raised, double limit) {
  /** Days farther above the mean share are surges, and are left out of the second estimate. */
  private static final double OUTLIER = 4;

  /** Days of different size that stand for all in the run length. */
  private static final int SIZES = 16;

  /** Holds counts of some days, and the documents that they are a part of. */
  record Days(long[] counts, long[] documents) {}

  /** Learns from days; empty if fewer than {@code leastDays} have documents. */
  static Optional<ShareBaseline> of(Days days, ShareOptions options) {
    boolean[] isUsed = new boolean[days.counts.length];
    int used = 0;
    for (int day = 0; day < isUsed.length; day++) {
      isUsed[day] = days.counts[day] >= 0 && days.documents[day] > 0;
      used += isUsed[day] ? 1 : 0;
    }
    if (used < options.leastDays()) {
      return Optional.empty();
    }
    BetaBinomial first = estimate(days, isUsed);
    for (int day = 0; day < isUsed.length; day++) {
      isUsed[day] &= deviation(first, days.counts[day], days.documents[day]) <= OUTLIER;
    }
    BetaBinomial usual = estimate(days, isUsed);
    int[] sizes = sizes(days, isUsed);
    BetaBinomial raised = raised(usual, sizes[sizes.length / 2], options.shift());
    RunLength run = new RunLength();
    for (int size : sizes) {
      double[] in = usual.logProbabilities(size);
      double[] out = raised.logProbabilities(size);
      for (int count = 0; count <= size; count++) {
        run.add(out[count] - in[count], Math.exp(in[count]) / sizes.length);
      }
    }
    return Optional.of(new ShareBaseline(usual, raised, run.limit(options.runLength())));
  }

  /** Estimates share and correlation by moments (Williams 1982). */
  private static BetaBinomial estimate(Days days, boolean[] isUsed) {
    double counts = 0;
    double documents = 0;
    int used = 0;
    for (int day = 0; day < isUsed.length; day++) {
      if (isUsed[day]) {
        counts += days.counts[day];
        documents += days.documents[day];
        used++;
      }
    }
    // Half a document of each kind keeps the share off 0 and 1.
    double share = (counts + 0.5) / (documents + 1);
    double squares = 0;
    double pairs = 0;
    for (int day = 0; day < isUsed.length; day++) {
      if (isUsed[day]) {
        double size = days.documents[day];
        double residual = days.counts[day] - size * share;
        squares += residual * residual / (size * share * (1 - share));
        pairs += (size - 1) * (1 - size / documents);
      }
    }
    double correlation = pairs > 0 ? (squares - (used - 1)) / pairs : 0;
    // Below its standard error at 0 it is taken for chance: half of all binomial counts have some.
    boolean isChance = correlation * pairs < Math.sqrt(2.0 * used);
    return new BetaBinomial(share, isChance ? 0 : Math.min(0.9, correlation));
  }

  private static double deviation(BetaBinomial usual, long count, long documents) {
    double share = usual.share();
    double variance = documents * share * (1 - share) * (1 + (documents - 1) * usual.correlation());
    return (count - documents * share) / Math.sqrt(variance);
  }

  private static BetaBinomial raised(BetaBinomial usual, int documents, double shift) {
    double share = usual.share();
    double deviation =
        Math.sqrt(share * (1 - share) * (1 + (documents - 1) * usual.correlation()) / documents);
    double raised = Math.min(share + shift * deviation, Math.min(2 * share, (1 + share) / 2));
    return new BetaBinomial(raised, usual.correlation());
  }

  /** Returns quantiles of the documents a day. */
  private static int[] sizes(Days days, boolean[] isUsed) {
    int[] sorted = new int[isUsed.length];
    int used = 0;
    for (int day = 0; day < isUsed.length; day++) {
      if (isUsed[day]) {
        sorted[used++] = Math.toIntExact(days.documents[day]);
      }
    }
    sorted = Arrays.copyOf(sorted, used);
    Arrays.sort(sorted);
    int[] sizes = new int[Math.min(SIZES, used)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sorted[(int) ((i + 0.5) * used / sizes.length)];
    }
    return sizes;
  }

  /** Returns the log-likelihood ratios of 0 to {@code documents}, as multiples of the limit. */
  double[] terms(int documents) {
    double[] in = usual.logProbabilities(documents);
    double[] out = raised.logProbabilities(documents);
    for (int count = 0; count <= documents; count++) {
      out[count] = (out[count] - in[count]) / limit;
    }
    return out;
  }
}
