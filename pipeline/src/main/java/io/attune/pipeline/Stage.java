package io.attune.pipeline;

import java.util.Locale;

/** The stages in the order in which a night runs them. */
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

  /** As it is written on a command line and in tables: {@code ingest}, .... */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
