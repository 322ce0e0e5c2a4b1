package io.attune.pipeline.input;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts the values of one column over a whole file.
 *
 * @param records that have a value
 * @param nested values among them that are JSON objects or arrays
 * @param counts how often each value stands in the file, exactly; empty unless {@code complete}
 * @param complete whether {@code counts} has every value; false where there are more than {@link
 *     #MAX_DISTINCT}, or one is longer than {@link #MAX_LENGTH}
 */
public record ColumnValues(
    long records, long nested, SortedMap<String, Long> counts, boolean complete) {
  public static final int MAX_DISTINCT = 2000;
  public static final int MAX_LENGTH = 200;

  public ColumnValues {
    counts = Collections.unmodifiableSortedMap(counts);
  }

  /** Counts values one by one. */
  static final class Counter {
    private long records;
    private long nested;
    private SortedMap<String, Long> counts = new TreeMap<>();
    private boolean complete = true;

    void add(String value, boolean isNested) {
      records++;
      nested += isNested ? 1 : 0;
      if (!complete) {
        return;
      }
      if (value.length() <= MAX_LENGTH) {
        counts.merge(value, 1L, Long::sum);
      }
      if (value.length() > MAX_LENGTH || counts.size() > MAX_DISTINCT) {
        complete = false;
        counts = new TreeMap<>();
      }
    }

    ColumnValues values() {
      return new ColumnValues(records, nested, counts, complete);
    }
  }
}
