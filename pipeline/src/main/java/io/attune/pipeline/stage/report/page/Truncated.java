package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import java.util.List;

/**
 * The rows of a table that the page shows, out of all there are.
 *
 * @param total rows there are
 */
record Truncated<T>(List<T> rows, int total) {
  Truncated {
    rows = List.copyOf(rows);
  }

  /** The first {@code limit} of {@code all}. */
  static <T> Truncated<T> firstOf(List<T> all, int limit) {
    return new Truncated<>(all.subList(0, Math.min(limit, all.size())), all.size());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  boolean leavesOut() {
    return rows.size() < total;
  }

  /** Such as {@code 40 of 312 shown}. */
  String note() {
    return Figures.count(rows.size()) + " of " + Figures.count(total) + " shown";
  }
}
