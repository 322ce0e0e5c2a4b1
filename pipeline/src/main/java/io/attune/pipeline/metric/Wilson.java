package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.report.Evaluation.Interval;

/** Computes the score interval of a fraction (Wilson 1927; Newcombe 1998, method 3). */
public final class Wilson {
  private Wilson() {}

  /** Returns the interval of 95 %, in [0, 1]; all of [0, 1] without rows. */
  public static Interval interval(long successes, long rows) {
    require(
        successes >= 0 && successes <= rows, "successes must be in 0..%d, got %d", rows, successes);
    if (rows == 0) {
      return new Interval(0, 1);
    }
    double z = Normal.QUANTILE_975;
    double share = (double) successes / rows;
    double centre = share + z * z / (2.0 * rows);
    double reach = z * Math.sqrt(share * (1 - share) / rows + z * z / (4.0 * rows * rows));
    double scale = 1 + z * z / rows;
    // None and all are exact: rounding must not turn "0 of 20" into an interval that excludes 0.
    return new Interval(
        successes == 0 ? 0 : (centre - reach) / scale,
        successes == rows ? 1 : (centre + reach) / scale);
  }
}
