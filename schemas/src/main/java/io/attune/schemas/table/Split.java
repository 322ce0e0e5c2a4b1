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

  /**
   * Returns the split of that word.
   *
   * @throws IllegalArgumentException if it is not the word of a split
   */
  public static Split of(String word) {
    for (Split split : values()) {
      if (split.word().equals(word)) {
        return split;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is not a split");
  }
}
