package io.attune.pipeline.surge;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/** Options of {@link CountSurges}: {@link #DEFAULTS} with what differs. */
public record CountOptions(Season season, Learning learning, Alarm alarm) implements Serializable {
  /** The values of {@code docs/decisions/0032-surges.md}. */
  public static final CountOptions DEFAULTS =
      new CountOptions(
          new Season(5, 14, 10),
          new Learning(14, 28, 2.58, 0.05, 1),
          new Alarm(0.01, Limit.PREDICTIVE, 5, 1));

  /**
   * Divides a year (Noufaily et al. 2013, 3.2).
   *
   * @param years how many years back days are learnt from, at most; at least 2
   * @param halfWindow days before and after the same date of an earlier year that share today's
   *     level
   * @param levels of a year: one of the window, the others of equal parts of the rest
   */
  public record Season(int years, int halfWindow, int levels) implements Serializable {
    public Season {
      require(years >= 2, "years must be at least 2, since one cycle is no season, got %d", years);
      require(halfWindow >= 0, "the half window must be at least 0 days, got %d", halfWindow);
      require(levels >= 2, "a season must have at least 2 levels, got %d", levels);
    }
  }

  /**
   * Chooses the days that are learnt from, and what counts less.
   *
   * @param guardDays days before the judged one that are not learnt from, so that a surge that
   *     grows slowly does not become the rule
   * @param recentDays days before the guard band that share a level of their own with the judged
   *     day; 0 for none
   * @param outlier standardized Anscombe residuals above it count less (2.58: Noufaily et al. 2013,
   *     3.3)
   * @param trendSignificance a trend is kept if its p-value is below
   * @param shrinkage ridge penalty on levels, in counts: a level without counts stays finite; 0 for
   *     none
   */
  public record Learning(
      int guardDays, int recentDays, double outlier, double trendSignificance, double shrinkage)
      implements Serializable {
    public Learning {
      require(guardDays >= 0, "the guard band must have at least 0 days, got %d", guardDays);
      require(recentDays >= 0, "recent days must be at least 0, got %d", recentDays);
      require(outlier > 0, "the threshold of outliers must be above 0, got %s", outlier);
      require(
          trendSignificance >= 0 && trendSignificance <= 1,
          "the significance of the trend must be in [0, 1], got %s",
          trendSignificance);
      require(shrinkage >= 0, "shrinkage must be at least 0, got %s", shrinkage);
    }
  }

  /**
   * Says when a day is a surge.
   *
   * @param level the probability of a false alarm, a day
   * @param limit how the limit follows from the model
   * @param minimumCount no alarm if fewer are counted
   * @param minimumDays over how many days they are counted, the judged one included
   */
  public record Alarm(double level, Limit limit, int minimumCount, int minimumDays)
      implements Serializable {
    public Alarm {
      require(level > 0 && level < 0.5, "the level must be in (0, 0.5), got %s", level);
      require(minimumCount >= 0, "the minimum count must be at least 0, got %d", minimumCount);
      require(minimumDays >= 1, "the minimum must hold over at least 1 day, got %d", minimumDays);
    }
  }

  public CountOptions with(Season changed) {
    return new CountOptions(changed, learning, alarm);
  }

  public CountOptions with(Learning changed) {
    return new CountOptions(season, changed, alarm);
  }

  public CountOptions with(Alarm changed) {
    return new CountOptions(season, learning, changed);
  }

  /** Returns these options with another level. */
  public CountOptions withLevel(double level) {
    return with(new Alarm(level, alarm.limit, alarm.minimumCount, alarm.minimumDays));
  }
}
