package io.attune.neural.averaging.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Rebatches examples in order into minibatches of equal size; the last may be smaller. */
public final class Rebatched implements Iterator<MultiDataSet> {
  private final Iterator<MultiDataSet> source;
  private final int rows;
  private final Deque<MultiDataSet> waiting = new ArrayDeque<>();

  public Rebatched(Iterator<MultiDataSet> source, int rows) {
    this.source = source;
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    return !waiting.isEmpty() || source.hasNext();
  }

  @Override
  public MultiDataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<MultiDataSet> parts = new ArrayList<>();
    long size = 0;
    while (size < rows && hasNext()) {
      MultiDataSet part = waiting.isEmpty() ? source.next() : waiting.pop();
      if (size + rowsOf(part) > rows) {
        List<MultiDataSet> single = part.asList();
        for (int i = single.size() - 1; i >= 0; i--) {
          waiting.push(single.get(i));
        }
      } else {
        parts.add(part);
        size += rowsOf(part);
      }
    }
    return parts.size() == 1 ? parts.get(0) : org.nd4j.linalg.dataset.MultiDataSet.merge(parts);
  }

  static long rowsOf(MultiDataSet batch) {
    return batch.getFeatures(0).size(0);
  }
}
