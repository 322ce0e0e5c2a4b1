package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import java.util.List;

/**
 * Holds the rows of a table that the page shows.
 *
 * @param total the number of rows before truncation
 */
record Truncated<T>(List<T> rows, int total) {
  Truncated {
    rows = List.copyOf(rows);
  }

  /** Returns the first {@code limit} of {@code all}. */
  static <T> Truncated<T> firstOf(List<T> all, int limit) {
    return new Truncated<>(all.subList(0, Math.min(limit, all.size())), all.size());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  boolean leavesOut() {
    return rows.size() < total;
  }

  /** Returns a note such as {@code 40 of 312 shown}. */
  String note() {
    return Figures.count(rows.size()) + " of " + Figures.count(total) + " shown";
  }
}
