package io.attune.pipeline.metric;

import io.attune.schemas.report.Evaluation.Interval;
import java.util.OptionalDouble;

/** Holds a statistic and its values over resamples of its rows. */
public final class Resampled {
  private final double value;
  private final double[] sorted;

  Resampled(double value, double[] sorted) {
    this.value = value;
    this.sorted = sorted;
  }

  /** Returns the statistic of the rows themselves. */
  public double value() {
    return value;
  }

  /** Returns the interval of the middle 95 % of the resamples. */
  public Interval interval() {
    return interval(0.025);
  }

  /**
   * Returns the interval whose ends are one-sided limits at a level: 0 lies outside where the
   * one-sided p-value is at most the level.
   *
   * @param level above 0 and below 0.5
   */
  public Interval interval(double level) {
    int cut = Math.max(0, (int) (level * (sorted.length + 1)) - 1);
    return new Interval(sorted[cut], sorted[sorted.length - 1 - cut]);
  }

  /** Returns the standard deviation of the resamples. */
  public double standardError() {
    double mean = 0;
    for (double resample : sorted) {
      mean += resample / sorted.length;
    }
    double squares = 0;
    for (double resample : sorted) {
      squares += (resample - mean) * (resample - mean);
    }
    return Math.sqrt(squares / (sorted.length - 1));
  }

  /**
   * Returns the two-sided p-value of the hypothesis that the statistic is 0: the smallest level at
   * which the percentile interval leaves 0 out. Never 0, and 1 at most (Davison and Hinkley 1997,
   * 4.11).
   */
  public double pValue() {
    int atMost = 0;
    int atLeast = 0;
    for (double resample : sorted) {
      atMost += resample <= 0 ? 1 : 0;
      atLeast += resample >= 0 ? 1 : 0;
    }
    return Math.min(1, 2.0 * (1 + Math.min(atMost, atLeast)) / (sorted.length + 1));
  }

  /** Returns the one-sided p-value of the hypothesis that the statistic is at most 0. */
  public double pValueAbove() {
    int others = 0;
    for (double resample : sorted) {
      others += resample <= 0 ? 1 : 0;
    }
    return (1.0 + others) / (sorted.length + 1);
  }

  /** Returns the one-sided p-value of the hypothesis that the statistic is at least 0. */
  public double pValueBelow() {
    int others = 0;
    for (double resample : sorted) {
      others += resample >= 0 ? 1 : 0;
    }
    return (1.0 + others) / (sorted.length + 1);
  }

  /**
   * Returns the smallest value that a two-sided test of 5 % with this standard error finds in 80 %
   * of cases; empty where the resamples do not vary.
   */
  public OptionalDouble smallestDetectable() {
    double error = standardError();
    return error == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((Normal.QUANTILE_975 + Normal.QUANTILE_80) * error);
  }
}
