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

/** Rows that masters train on, told apart by their numbers; every worker has the same rows. */
interface NumberedRows extends MinibatchLoader {
  /** What {@link RowRange} calls a file; there is none. */
  String IN_MEMORY = "memory:rows";

  /** Of the longest row; every row is padded to it. */
  int tokens();

  /** One row: its token ids, at most {@link #tokens}, and its class. */
  Row row(long number);

  /** A row. */
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

  /** The first rows, each a data set of its own, as users' RDDs have them. */
  default List<MultiDataSet> singles(int count) {
    List<MultiDataSet> singles = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      singles.add(rows(row, row + 1L));
    }
    return singles;
  }

  /** The first rows as one path. */
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

  /** Refused: rows are asked for by range. */
  @Override
  default MultiDataSet load(Source source) {
    throw new UnsupportedOperationException("These rows are in no file");
  }
}
