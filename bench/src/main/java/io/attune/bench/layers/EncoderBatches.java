package io.attune.bench.layers;

import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Generates the batches of an {@link EncoderCase}: random token ids, vectors and labels. */
final class EncoderBatches {
  private final MultiDataSet[] sets;
  private final long[][][] ids;
  private final long[][][] masks;

  EncoderBatches(EncoderCase given, int[][] lengths) {
    Random random = new Random(1);
    sets = new MultiDataSet[lengths.length];
    ids = new long[lengths.length][given.batch()][given.tokens()];
    masks = new long[lengths.length][given.batch()][given.tokens()];
    for (int i = 0; i < sets.length; i++) {
      for (int row = 0; row < given.batch(); row++) {
        for (int column = 0; column < lengths[i][row]; column++) {
          ids[i][row][column] = random.nextInt(given.whole().vocabulary());
          masks[i][row][column] = 1;
        }
      }
      sets[i] = set(given, i, random);
    }
  }

  private MultiDataSet set(EncoderCase given, int batch, Random random) {
    float[][] labels = new float[given.batch()][EncoderCase.CLASSES];
    for (float[] row : labels) {
      row[random.nextInt(EncoderCase.CLASSES)] = 1;
    }
    INDArray input =
        given.trains()
            ? Nd4j.randn(given.batch(), given.tokens(), given.whole().width()).permute(0, 2, 1)
            : Nd4j.createFromArray(floats(ids[batch]));
    return new MultiDataSet(
        new INDArray[] {input},
        new INDArray[] {Nd4j.createFromArray(labels)},
        new INDArray[] {Nd4j.createFromArray(floats(masks[batch]))},
        null);
  }

  private static float[][] floats(long[][] values) {
    float[][] result = new float[values.length][values[0].length];
    for (int row = 0; row < values.length; row++) {
      for (int column = 0; column < values[row].length; column++) {
        result[row][column] = values[row][column];
      }
    }
    return result;
  }

  MultiDataSet get(int step) {
    return sets[step % sets.length];
  }

  long[][] ids(int batch) {
    return ids[batch];
  }

  long[][] mask(int batch) {
    return masks[batch];
  }

  int count() {
    return sets.length;
  }
}
