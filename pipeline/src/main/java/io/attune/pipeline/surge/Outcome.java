package io.attune.pipeline.surge;

/** Says what became of a day. */
public enum Outcome {
  /** The day is above the limit. */
  SURGE,
  /** The day is within the limit. */
  QUIET,
  /** The day is below the minimum count, and perhaps above the limit. */
  TOO_FEW,
  /** The day is not judged, since too few days are known before it. */
  TOO_SHORT,
  /** The day is not judged, since nothing is known about it. */
  MISSING,
  /** The day is not judged, since a mask covers it. */
  MASKED;

  /** Returns whether the day was compared with a limit. */
  public boolean isJudged() {
    return this == SURGE || this == QUIET || this == TOO_FEW;
  }
}
