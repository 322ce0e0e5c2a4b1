package io.attune.bench;

import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The batches of a case, the same for every contender: token ids, lengths, labels. */
final class Batches {
  private static final int COUNT = 8;

  private final int[][] lengths = new int[COUNT][BenchCase.BATCH];
  private final MultiDataSet[] sets = new MultiDataSet[COUNT];
  private double tokens;
  private double operations;

  Batches(BenchCase given, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < COUNT; i++) {
      float[][] ids = new float[BenchCase.BATCH][given.tokens()];
      float[][] mask = new float[BenchCase.BATCH][given.tokens()];
      float[][] labels = new float[BenchCase.BATCH][BenchCase.CLASSES];
      for (int row = 0; row < BenchCase.BATCH; row++) {
        int half = given.tokens() / 2;
        int length = half + random.nextInt(given.tokens() - half + 1);
        lengths[i][row] = length;
        tokens += length;
        operations += given.operations(length);
        for (int column = 0; column < length; column++) {
          ids[row][column] = random.nextInt(BenchCase.VOCABULARY);
          mask[row][column] = 1;
        }
        labels[row][random.nextInt(BenchCase.CLASSES)] = 1;
      }
      sets[i] =
          new MultiDataSet(
              new INDArray[] {Nd4j.createFromArray(ids)},
              new INDArray[] {Nd4j.createFromArray(labels)},
              new INDArray[] {Nd4j.createFromArray(mask)},
              null);
    }
  }

  MultiDataSet get(int step) {
    return sets[step % COUNT];
  }

  int[][] lengths() {
    return lengths;
  }

  /** Real tokens of a batch, on average. */
  double tokensPerStep() {
    return tokens / COUNT;
  }

  /** Operations of the matrix products of a batch, on average. */
  double operationsPerStep() {
    return operations / COUNT;
  }
}
