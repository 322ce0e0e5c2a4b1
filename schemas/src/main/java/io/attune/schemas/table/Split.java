package io.attune.schemas.table;

import java.util.Locale;

/** Names the use of a document. */
public enum Split {
  TRAIN,
  VALIDATION,
  TEST;

  /** Returns the word in tables, file names and configuration, such as {@code train}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
