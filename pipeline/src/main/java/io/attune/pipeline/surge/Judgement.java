package io.attune.pipeline.surge;

import java.io.Serializable;
import java.time.LocalDate;

/**
 * Tells how a day of a series compares with what its past lets expect.
 *
 * @param seen the count of the day; 0 if it is missing
 * @param expected the mean count on such a day; 0 if the day was not judged
 * @param limit the highest count that is no surge; 0 if the day was not judged
 * @param p the probability of a count of at least {@code seen} on such a day; for a share, the
 *     reciprocal of the days between false alarms at this height of its cumulative sum; 1 if the
 *     day was not judged
 * @param dispersion the variance of such a count divided by its mean, at least 1
 * @param note why, where the day was not judged or something else is unusual; may be empty
 * @param lasting what is adjusted over many series: {@code p}, but for the alarm of a share that of
 *     a sum that no earlier alarm sets back, and so of the whole rise
 */
public record Judgement(
    String series,
    LocalDate day,
    long seen,
    double expected,
    double limit,
    double p,
    double dispersion,
    Method method,
    Outcome outcome,
    String note,
    double lasting)
    implements Serializable {
  /** Stands in for the reach of a series so rare that its limit is not above its mean. */
  private static final double LEAST_REACH = 1;

  /** Describes a day whose p-value is all that is known of it. */
  public Judgement(
      String series,
      LocalDate day,
      long seen,
      double expected,
      double limit,
      double p,
      double dispersion,
      Method method,
      Outcome outcome,
      String note) {
    this(series, day, seen, expected, limit, p, dispersion, method, outcome, note, p);
  }

  static Judgement none(String series, LocalDate day, long seen, Outcome outcome, String note) {
    return new Judgement(series, day, Math.max(0, seen), 0, 0, 1, 1, Method.NONE, outcome, note);
  }

  /** Returns the same of another series. */
  public Judgement ofSeries(String name) {
    return new Judgement(
        name, day, seen, expected, limit, p, dispersion, method, outcome, note, lasting);
  }

  public boolean isSurge() {
    return outcome == Outcome.SURGE;
  }

  /** Returns the count above what was expected; negative below it. */
  public double excess() {
    return seen - expected;
  }

  /**
   * Returns the excess as a multiple of the excess at the limit (Farrington et al. 1996), or of one
   * document where the limit allows less: above 1 for a surge of more than one document; 0 if the
   * day was not judged.
   */
  public double score() {
    return outcome.isJudged() ? excess() / Math.max(LEAST_REACH, limit - expected) : 0;
  }
}
