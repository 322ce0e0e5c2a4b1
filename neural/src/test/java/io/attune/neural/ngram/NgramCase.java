package io.attune.neural.ngram;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Holds a random network of n-grams with a random batch: the same for the same seed. */
record NgramCase(
    NgramShape shape,
    Noise noise,
    double[] parameters,
    int[][] tokens,
    boolean[][] mask,
    double[][] epsilon) {
  /** Drops values of every kind, each with another frequency. */
  private static final Dropout DROPOUT =
      Dropout.builder().word(0.3).embedding(0.25).output(0.5).build();

  /** Makes a case of any mask: rows of one token, with holes and without any token are common. */
  static NgramCase random(long seed, int width) {
    Random random = new Random(seed);
    int time = 1 + random.nextInt(7);
    NgramShape shape =
        new NgramShape(
            2 + random.nextInt(9),
            time + random.nextInt(3),
            1 + random.nextInt(4),
            1 + random.nextInt(random.nextBoolean() ? 5 : 90),
            width,
            1 + random.nextInt(4));
    Noise noise = Noise.of(random.nextInt(3) == 0 ? Dropout.NONE : DROPOUT, seed, 7, 13);
    return of(shape, noise, 1 + random.nextInt(4), time, random);
  }

  static NgramCase of(NgramShape shape, Noise noise, int rows, int time, Random random) {
    double[] parameters = new double[(int) NgramLayout.of(shape).length()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (0.5 * random.nextGaussian());
    }
    int[][] tokens = new int[rows][time];
    boolean[][] mask = new boolean[rows][time];
    double[][] epsilon = new double[rows][shape.pooledWidth()];
    for (int row = 0; row < rows; row++) {
      int style = random.nextInt(4);
      int length = random.nextInt(time + 1);
      for (int column = 0; column < time; column++) {
        tokens[row][column] = random.nextInt(shape.vocabulary());
        mask[row][column] = style == 0 ? random.nextBoolean() : column < length;
      }
      for (int i = 0; i < epsilon[row].length; i++) {
        epsilon[row][i] = (float) random.nextGaussian();
      }
    }
    return new NgramCase(shape, noise, parameters, tokens, mask, epsilon);
  }

  /**
   * Holds the output and, for a loss of sum(epsilon * output), the gradient with respect to the
   * parameters.
   */
  record Result(double[][] output, double[] gradient) {}

  Result twin() {
    return new NgramTwin(this).compute();
  }

  INDArray parameterArray(DataType type) {
    return Nd4j.createFromArray(parameters).castTo(type);
  }

  TokenBatch batch() {
    float[][] marks = new float[mask.length][mask[0].length];
    for (int row = 0; row < mask.length; row++) {
      for (int column = 0; column < mask[row].length; column++) {
        marks[row][column] = mask[row][column] ? 1 : 0;
      }
    }
    TokenBatch batch = new TokenBatch("ngrams", shape.vocabulary(), shape.maxTokens());
    batch.read(Nd4j.createFromArray(tokens).castTo(DataType.FLOAT), Nd4j.createFromArray(marks));
    return batch;
  }

  /** Computes the case; the arrays for the results are filled with other numbers before. */
  Result by(EncoderBackend backend, DataType type) {
    return by(backend, type, Nd4j.valueArrayOf(new long[] {parameters.length}, 99.0, type));
  }

  /** Computes the case with a gradient that was there before. */
  Result by(EncoderBackend backend, DataType type, INDArray gradient) {
    INDArray output = Nd4j.valueArrayOf(new long[] {mask.length, shape.pooledWidth()}, 99.0, type);
    backend.forward(batch(), new EncoderBackend.Pass(true, noise), parameterArray(type), output);
    backend.backward(Nd4j.createFromArray(epsilon).castTo(type), gradient);
    return new Result(
        output.castTo(DataType.DOUBLE).toDoubleMatrix(),
        gradient.castTo(DataType.DOUBLE).toDoubleVector());
  }
}
