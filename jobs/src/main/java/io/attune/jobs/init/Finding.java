package io.attune.jobs.init;

/**
 * Says what a column was taken for.
 *
 * @param column as it is read
 * @param why in a few words
 * @param doubt what to check, with the next-best guess; empty where the evidence is clear
 */
record Finding(Role role, String column, String why, String doubt) {
  /** Names the keys that columns are mapped to, in the order in which they are written. */
  enum Role {
    ID("id"),
    TITLE("title"),
    TEXT("text"),
    PUBLISHED_AT("published-at"),
    SOURCE("source"),
    LANGUAGE("language"),
    SPLIT("split"),
    LABEL("labels"),
    ENTITY("entities"),
    LEFT_OUT("left out");

    private final String key;

    Role(String key) {
      this.key = key;
    }

    /** Returns the key below {@code corpora.columns}. */
    String key() {
      return key;
    }
  }

  static Finding of(Role role, ColumnProfile column, String why) {
    return new Finding(role, column.column(), why, "");
  }

  Finding withDoubt(String question) {
    String all = doubt.isEmpty() || question.isEmpty() ? doubt + question : doubt + "; " + question;
    return new Finding(role, column, why, all);
  }
}
