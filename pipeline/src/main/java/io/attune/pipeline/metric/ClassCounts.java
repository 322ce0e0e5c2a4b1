package io.attune.pipeline.metric;

import java.io.Serializable;
import java.util.OptionalInt;

/** Counts rows by class, which is all that a model knows that has seen labels but no text. */
public final class ClassCounts implements Serializable {
  private static final long serialVersionUID = 1;

  private final long[] rows;

  /** Starts without rows. */
  public ClassCounts(int classes) {
    this.rows = new long[classes];
  }

  public void add(int c) {
    rows[c]++;
  }

  /** Adds the rows of another. */
  public ClassCounts merge(ClassCounts other) {
    ClassCounts sum = new ClassCounts(rows.length);
    for (int c = 0; c < rows.length; c++) {
      sum.rows[c] = rows[c] + other.rows[c];
    }
    return sum;
  }

  public int classes() {
    return rows.length;
  }

  public long rows(int c) {
    return rows[c];
  }

  public long rows() {
    long sum = 0;
    for (long count : rows) {
      sum += count;
    }
    return sum;
  }

  /** Returns the most frequent class, the first of equals; empty without rows. */
  public OptionalInt majority() {
    int best = 0;
    for (int c = 1; c < rows.length; c++) {
      best = rows[c] > rows[best] ? c : best;
    }
    return rows[best] == 0 ? OptionalInt.empty() : OptionalInt.of(best);
  }
}
