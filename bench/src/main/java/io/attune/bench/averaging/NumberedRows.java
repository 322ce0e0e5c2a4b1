package io.attune.bench.averaging;

import io.attune.bench.layers.BenchCase;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RowRange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Provides the rows that masters train on, identified by their numbers; every worker has the same
 * rows.
 */
interface NumberedRows extends MinibatchLoader {
  /** Replaces the file name of a {@link RowRange}, since there is no file. */
  String IN_MEMORY = "memory:rows";

  /** Returns the number of tokens of the longest row, to which every row is padded. */
  int tokens();

  /** Returns one row: its token ids, at most {@link #tokens}, and its class. */
  Row row(long number);

  /** Holds a row. */
  @SuppressWarnings("ArrayRecordComponent") // Made and read in one place.
  record Row(int[] ids, int kind) {}

  /**
   * Makes rows.
   *
   * @return token ids and mask {@code [rows, tokens]}, labels {@code [rows, classes]}
   */
  default MultiDataSet rows(long from, long to) {
    int count = (int) (to - from);
    float[][] ids = new float[count][tokens()];
    float[][] mask = new float[count][tokens()];
    float[][] labels = new float[count][BenchCase.CLASSES];
    for (int i = 0; i < count; i++) {
      Row row = row(from + i);
      for (int column = 0; column < row.ids().length; column++) {
        ids[i][column] = row.ids()[column];
        mask[i][column] = 1;
      }
      labels[i][row.kind()] = 1;
    }
    return new org.nd4j.linalg.dataset.MultiDataSet(
        new INDArray[] {Nd4j.createFromArray(ids)},
        new INDArray[] {Nd4j.createFromArray(labels)},
        new INDArray[] {Nd4j.createFromArray(mask)},
        null);
  }

  /** Returns the first rows, each a data set of its own, as in users' RDDs. */
  default List<MultiDataSet> singles(int count) {
    List<MultiDataSet> singles = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      singles.add(rows(row, row + 1L));
    }
    return singles;
  }

  /** Returns the first rows as one path. */
  static String path(int count) {
    return new RowRange(IN_MEMORY, 0, count, 0).toString();
  }

  @Override
  default double meanTokens() {
    return tokens();
  }

  @Override
  default Iterator<MultiDataSet> minibatches(List<RowRange> ranges, BatchLimits limits, long seed) {
    List<RowRange> cut = new ArrayList<>();
    for (RowRange range : ranges) {
      for (long from = range.from(); from < range.to(); from += limits.rows()) {
        long to = Math.min(range.to(), from + limits.rows());
        cut.add(new RowRange(range.file(), from, to, range.order()));
      }
    }
    return cut.stream().map(batch -> rows(batch.from(), batch.to())).iterator();
  }

  /** Throws an exception: rows are read by range. */
  @Override
  default MultiDataSet load(Source source) {
    throw new UnsupportedOperationException("These rows are not in a file");
  }
}
