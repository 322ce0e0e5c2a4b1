package io.attune.pipeline.surge;

/** Says how a day was judged; what is reported depends on how much history there is. */
public enum Method {
  /** Fits trend, season, weekday and holidays; needs at least two full cycles of history. */
  SEASONAL("trend, season and weekday"),

  /** Fits trend, weekday and holidays; for 8 weeks of history up to two full cycles. */
  RECENT("trend and weekday, without a season: less than two years of history"),

  /** Fits the weekday over 28 days; for less than 8 weeks of history. */
  SHORT("weekday over 28 days: less than 8 weeks of history"),

  /** Adds up a cumulative sum over the share of a series in another. */
  SHARE("cumulative sum of the share"),

  /** Says that the day could not be judged. */
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
