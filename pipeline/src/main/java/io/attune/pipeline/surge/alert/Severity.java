package io.attune.pipeline.surge.alert;

import io.attune.pipeline.surge.Judgement;

/** Says how far above its limit a day is, from mild to grave; the order counts. */
public enum Severity {
  /** The excess is at most 1.5 times the one that the limit allows. */
  NOTICE(1.5),
  /** The excess is at most 3 times that. */
  WARNING(3),
  /** The excess is beyond that. */
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
