package io.attune.pipeline;

import com.fasterxml.jackson.annotation.JsonValue;
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
  SCORE,
  MONITOR,
  REPORT;

  /** Returns the name that command lines, tables and JSON use: {@code ingest}, .... */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
