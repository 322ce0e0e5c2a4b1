package io.attune.pipeline.surge;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Options of {@link ShareSurges}.
 *
 * @param runLength mean days between two false alarms of a series whose share stays the same
 * @param shift the rise of the share that is looked for, in standard deviations of a day's share;
 *     it is never taken for more than a doubling
 * @param historyDays days that the usual share is learnt from
 * @param guardDays days before the month of the judged day that are not learnt from
 * @param leastDays known days with documents without which nothing is judged
 * @param minimumCount no alarm on a day with fewer of the series
 */
public record ShareOptions(
    double runLength, double shift, int historyDays, int guardDays, int leastDays, int minimumCount)
    implements Serializable {
  /** Four false alarms a year; the values of {@code docs/decisions/0032-surges.md}. */
  public static final ShareOptions DEFAULTS = new ShareOptions(91.25, 3, 365, 7, 28, 5);

  public ShareOptions {
    require(runLength > 1, "the run length must be above 1 day, got %s", runLength);
    require(shift > 0, "the shift must be above 0, got %s", shift);
    require(historyDays >= 1, "the history must have at least 1 day, got %d", historyDays);
    require(guardDays >= 0, "the guard band must have at least 0 days, got %d", guardDays);
    require(leastDays >= 2, "at least 2 known days are needed, got %d", leastDays);
    require(minimumCount >= 0, "the minimum count must be at least 0, got %d", minimumCount);
  }

  /** Returns these options with another run length. */
  public ShareOptions withRunLength(double days) {
    return new ShareOptions(days, shift, historyDays, guardDays, leastDays, minimumCount);
  }
}
