package io.attune.pipeline.stage.evaluate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;

/** Groups rows into batches of a maximum size, read on demand. */
final class RowBatches implements Iterator<List<Row>> {
  private final Iterator<Row> rows;
  private final int most;

  RowBatches(Iterator<Row> rows, int most) {
    this.rows = rows;
    this.most = most;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public List<Row> next() {
    List<Row> batch = new ArrayList<>();
    while (batch.size() < most && rows.hasNext()) {
      batch.add(rows.next());
    }
    return batch;
  }

  Stream<List<Row>> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false);
  }
}
