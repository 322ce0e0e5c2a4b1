package io.attune.pipeline.surge;

/** Says how a day was judged; what is reported depends on how much history there is. */
public enum Method {
  /** Trend, season, weekday, holidays: at least two full cycles of history. */
  SEASONAL("trend, season and weekday"),

  /** Trend, weekday, holidays: at least 8 weeks of history, but no two full cycles. */
  RECENT("trend and weekday, without a season: less than two years of history"),

  /** Weekday over 28 days: less than 8 weeks of history. */
  SHORT("weekday over 28 days: less than 8 weeks of history"),

  /** A cumulative sum over the share of a series in another. */
  SHARE("cumulative sum of the share"),

  /** None: the day could not be judged. */
  NONE("not judged");

  private final String words;

  Method(String words) {
    this.words = words;
  }

  /** Returns the method as a reader of a report is told of it. */
  public String words() {
    return words;
  }
}
