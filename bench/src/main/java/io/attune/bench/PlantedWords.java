package io.attune.bench;

import io.attune.pipeline.train.averaging.BatchLimits;
import io.attune.pipeline.train.averaging.MinibatchLoader;
import io.attune.pipeline.train.averaging.RowRange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rows that can be learnt: words at random, of which some tell the class, and a tenth of the labels
 * wrong. A row is made from its number alone, so that every worker has the same rows.
 *
 * @param tokens of the longest row; a row has half of them at the least, and is padded to all
 */
record PlantedWords(int tokens) implements MinibatchLoader {
  private static final long serialVersionUID = 1;
  private static final long SEED = 0x5EED;
  private static final int TELLING = 20;
  private static final double TELLING_SHARE = 0.15;
  private static final double WRONG_SHARE = 0.1;

  /** What {@link RowRange} calls a file; there is none. */
  static final String NOWHERE = "memory:planted-words";

  /**
   * Makes rows.
   *
   * @return token ids and mask {@code [rows, tokens]}, labels {@code [rows, classes]}
   */
  MultiDataSet rows(long from, long to) {
    int count = (int) (to - from);
    float[][] ids = new float[count][tokens];
    float[][] mask = new float[count][tokens];
    float[][] labels = new float[count][BenchCase.CLASSES];
    for (int row = 0; row < count; row++) {
      SplittableRandom random = new SplittableRandom(SEED + (from + row) * 0x9E3779B97F4A7C15L);
      int kind = random.nextInt(BenchCase.CLASSES);
      int length = tokens / 2 + random.nextInt(tokens - tokens / 2 + 1);
      for (int column = 0; column < length; column++) {
        ids[row][column] = word(kind, random);
        mask[row][column] = 1;
      }
      boolean wrong = random.nextDouble() < WRONG_SHARE;
      labels[row][wrong ? random.nextInt(BenchCase.CLASSES) : kind] = 1;
    }
    return new org.nd4j.linalg.dataset.MultiDataSet(
        new INDArray[] {Nd4j.createFromArray(ids)},
        new INDArray[] {Nd4j.createFromArray(labels)},
        new INDArray[] {Nd4j.createFromArray(mask)},
        null);
  }

  private static int word(int kind, SplittableRandom random) {
    int telling = BenchCase.CLASSES * TELLING;
    return random.nextDouble() < TELLING_SHARE
        ? kind * TELLING + random.nextInt(TELLING)
        : telling + random.nextInt(BenchCase.VOCABULARY - telling);
  }

  /** The first rows, each a data set of its own, as users' RDDs have them. */
  List<MultiDataSet> singles(int count) {
    List<MultiDataSet> singles = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      singles.add(rows(row, row + 1L));
    }
    return singles;
  }

  /** The first rows as one path. */
  static String path(int count) {
    return new RowRange(NOWHERE, 0, count, 0).toString();
  }

  @Override
  public double meanTokens() {
    return tokens;
  }

  @Override
  public Iterator<MultiDataSet> minibatches(List<RowRange> ranges, BatchLimits limits, long seed) {
    List<RowRange> cut = new ArrayList<>();
    for (RowRange range : ranges) {
      for (long from = range.from(); from < range.to(); from += limits.rows()) {
        long to = Math.min(range.to(), from + limits.rows());
        cut.add(new RowRange(range.file(), from, to, range.order()));
      }
    }
    Iterator<RowRange> batches = cut.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public MultiDataSet next() {
        RowRange batch = batches.next();
        return rows(batch.from(), batch.to());
      }
    };
  }

  /** Refused: rows are asked for by range. */
  @Override
  public MultiDataSet load(Source source) {
    throw new UnsupportedOperationException("Planted words are in no file");
  }
}
