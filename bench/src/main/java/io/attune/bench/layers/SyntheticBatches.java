package io.attune.bench.layers;

import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Generates the batches of a case: random token ids and labels, given lengths. */
final class SyntheticBatches {
  private final MultiDataSet[] sets;

  /**
   * Makes the batches.
   *
   * @param lengths {@code [batch][row]}
   */
  SyntheticBatches(BenchCase given, int[][] lengths) {
    Random random = new Random(1);
    sets = new MultiDataSet[lengths.length];
    for (int i = 0; i < sets.length; i++) {
      sets[i] = batch(lengths[i], time(given, lengths[i]), random);
    }
  }

  /**
   * Returns the number of columns of a batch, which is padded to its longest row if batches are
   * formed by length.
   */
  private static int time(BenchCase given, int[] lengths) {
    return given.corpus() == null ? given.tokens() : Arrays.stream(lengths).max().orElseThrow();
  }

  private static MultiDataSet batch(int[] lengths, int time, Random random) {
    float[][] ids = new float[lengths.length][time];
    float[][] mask = new float[lengths.length][time];
    float[][] labels = new float[lengths.length][BenchCase.CLASSES];
    for (int row = 0; row < lengths.length; row++) {
      for (int column = 0; column < lengths[row]; column++) {
        ids[row][column] = random.nextInt(BenchCase.VOCABULARY);
        mask[row][column] = 1;
      }
      labels[row][random.nextInt(BenchCase.CLASSES)] = 1;
    }
    return new MultiDataSet(
        new INDArray[] {Nd4j.createFromArray(ids)},
        new INDArray[] {Nd4j.createFromArray(labels)},
        new INDArray[] {Nd4j.createFromArray(mask)},
        null);
  }

  MultiDataSet get(int step) {
    return sets[step % sets.length];
  }

  int count() {
    return sets.length;
  }

  /** Returns the mean number of real tokens of a batch. */
  static double tokensPerStep(int[][] lengths) {
    return Arrays.stream(lengths).flatMapToInt(Arrays::stream).sum() / (double) lengths.length;
  }

  /** Returns the mean number of operations of the matrix products of a batch. */
  static double operationsPerStep(BenchCase given, int[][] lengths) {
    return Arrays.stream(lengths).flatMapToInt(Arrays::stream).mapToDouble(given::operations).sum()
        / lengths.length;
  }
}
