package io.attune.pipeline.copies;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/**
 * Reads, of rows of band and place in the order of bands, the places of bands that several have.
 */
final class SharedBands implements Iterator<Long> {
  private final Iterator<Row> rows;
  private Row last;
  private boolean isLastShared;
  private Long next;

  private SharedBands(Iterator<Row> rows) {
    this.rows = rows;
    this.next = find();
  }

  /** Returns the places, one for each row whose band the row before or after it has. */
  static Iterator<Long> of(Iterator<Row> rows) {
    return new SharedBands(rows);
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Long next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    Long found = next;
    next = find();
    return found;
  }

  private Long find() {
    while (rows.hasNext()) {
      Row before = last;
      boolean wasShared = isLastShared;
      last = rows.next();
      isLastShared = before != null && before.getLong(0) == last.getLong(0);
      if (wasShared || isLastShared) {
        return before.getLong(1);
      }
    }
    Row end = isLastShared ? last : null;
    isLastShared = false;
    return end == null ? null : end.getLong(1);
  }
}
