package io.attune.pipeline.surge;

/** Says what became of a day. */
public enum Outcome {
  /** Above the limit. */
  SURGE,
  /** Within the limit. */
  QUIET,
  /** Above the limit perhaps, but below the minimum count. */
  TOO_FEW,
  /** Not judged: too few days are known before it. */
  TOO_SHORT,
  /** Not judged: nothing is known about the day. */
  MISSING,
  /** Not judged: a mask covers it. */
  MASKED;

  /** Returns whether the day was compared with a limit. */
  public boolean isJudged() {
    return this == SURGE || this == QUIET || this == TOO_FEW;
  }
}
