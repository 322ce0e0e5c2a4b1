package io.attune.pipeline.surge.alert;

import io.attune.pipeline.surge.Judgement;

/** Says how far above its limit a day is, from mild to grave; the order counts. */
public enum Severity {
  /** Up to 1.5 times the excess that the limit allows. */
  NOTICE(1.5),
  /** Up to 3 times. */
  WARNING(3),
  /** Beyond. */
  SEVERE(Double.POSITIVE_INFINITY);

  private final double highest;

  Severity(double highest) {
    this.highest = highest;
  }

  static Severity of(Judgement judgement) {
    for (Severity severity : values()) {
      if (judgement.score() <= severity.highest) {
        return severity;
      }
    }
    return SEVERE;
  }
}
