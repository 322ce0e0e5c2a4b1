package io.attune.schemas.table;

import java.util.Locale;

/** What a document is used for. */
public enum Split {
  TRAIN,
  VALIDATION,
  TEST;

  /** As it stands in tables, file names and configuration: {@code train}, .... */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
