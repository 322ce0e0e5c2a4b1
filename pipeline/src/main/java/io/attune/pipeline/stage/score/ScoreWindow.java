package io.attune.pipeline.stage.score;

import io.attune.schemas.failure.Failure;
import java.time.LocalDate;

/**
 * Holds the days whose documents are read, whichever models have read them: the day of publication
 * (UTC), or that of the run that ingested a document without one.
 *
 * @param since the first day
 * @param until the last day
 */
public record ScoreWindow(LocalDate since, LocalDate until) {
  private static final LocalDate FIRST = LocalDate.of(1, 1, 1);
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  /** Holds every day. */
  public static final ScoreWindow ALL = new ScoreWindow(FIRST, LAST);

  public ScoreWindow {
    if (since.isAfter(until)) {
      throw new Failure.BadUsage(
          "--since %s comes after --until %s; no day is in both", since, until);
    }
  }

  /** Returns the days from one on. */
  public static ScoreWindow since(LocalDate first) {
    return new ScoreWindow(first, LAST);
  }
}
