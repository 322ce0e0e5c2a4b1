package io.attune.pipeline;

import java.util.Locale;

/** Lists the stages in the order in which a night runs them. */
public enum Stage {
  INGEST,
  CLEAN,
  TOKENIZE,
  SHARD,
  TRAIN,
  EVALUATE,
  COMPARE,
  PROMOTE,
  REPORT;

  /** Returns the name that is written on a command line and in tables: {@code ingest}, .... */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
