package io.attune.pipeline.model;

import io.attune.pipeline.model.ModelConfig.Activation;
import io.attune.pipeline.model.ModelConfig.Dropout;
import io.attune.pipeline.model.ModelConfig.Norm;
import io.attune.pipeline.model.ModelConfig.Pooling;
import io.attune.pipeline.model.ModelConfig.Positions;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A random encoder with a random batch: the same for the same seed. */
final class EncoderCase {
  private final EncoderShape shape;
  private final Noise noise;
  private final double[] parameters;
  private final int[][] tokens;
  private final boolean[][] mask;
  private final double[][] epsilon;

  private EncoderCase(EncoderShape shape, Noise noise, int rows, int time) {
    this.shape = shape;
    this.noise = noise;
    parameters = new double[(int) EncoderLayout.of(shape).length()];
    tokens = new int[rows][time];
    mask = new boolean[rows][time];
    epsilon = new double[rows][shape.width()];
  }

  EncoderShape shape() {
    return shape;
  }

  Noise noise() {
    return noise;
  }

  int[][] tokens() {
    return tokens;
  }

  boolean[][] mask() {
    return mask;
  }

  /** The same without dropout. */
  EncoderCase still() {
    EncoderCase still = new EncoderCase(shape, Noise.NONE, tokens.length, tokens[0].length);
    System.arraycopy(parameters, 0, still.parameters, 0, parameters.length);
    System.arraycopy(tokens, 0, still.tokens, 0, tokens.length);
    System.arraycopy(mask, 0, still.mask, 0, mask.length);
    System.arraycopy(epsilon, 0, still.epsilon, 0, epsilon.length);
    return still;
  }

  /** Any shape, any mask: rows of one token and rows without any are common. */
  static EncoderCase random(long seed) {
    Random random = new Random(seed);
    int heads = 1 + random.nextInt(3);
    int width = heads * (1 + random.nextInt(random.nextBoolean() ? 12 : 4));
    int feedForward = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(20);
    return random(seed, random, heads, width, feedForward);
  }

  /** The same with widths that are a whole number of vectors. */
  static EncoderCase aligned(long seed) {
    Random random = new Random(seed);
    int heads = 1 << random.nextInt(4);
    int width = 16 * (1 + random.nextInt(2));
    return random(seed, random, heads, width, 16 * random.nextInt(3));
  }

  private static EncoderCase random(
      long seed, Random random, int heads, int width, int feedForward) {
    int time = 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 6);
    EncoderShape shape =
        new EncoderShape(
            3 + random.nextInt(20),
            time + random.nextInt(3),
            random.nextInt(3),
            heads,
            width,
            feedForward,
            any(Norm.values(), random),
            any(Activation.values(), random),
            any(Positions.values(), random),
            any(Pooling.values(), random));
    boolean drops = random.nextInt(3) == 0;
    Dropout rates = drops ? new Dropout(0.2, 0.3, 0.1, 0.4, 0.5) : Dropout.NONE;
    return of(shape, Noise.of(rates, seed, 7, 13), 1 + random.nextInt(4), time, random);
  }

  /** A batch of any size for a shape, without dropout. */
  static EncoderCase of(EncoderShape shape, long seed) {
    Random random = new Random(seed);
    int time = 1 + random.nextInt(shape.maxTokens());
    return of(shape, Noise.NONE, 1 + random.nextInt(6), time, new Random(seed));
  }

  static EncoderCase of(EncoderShape shape, Noise noise, int rows, int time, Random random) {
    EncoderCase result = new EncoderCase(shape, noise, rows, time);
    for (int i = 0; i < result.parameters.length; i++) {
      result.parameters[i] = (float) (0.5 * random.nextGaussian());
    }
    for (int row = 0; row < rows; row++) {
      int style = random.nextInt(5);
      int length = random.nextInt(time + 1);
      for (int column = 0; column < time; column++) {
        result.tokens[row][column] = random.nextInt(shape.vocabulary());
        result.mask[row][column] =
            switch (style) {
              case 0 -> column == length;
              case 1 -> random.nextBoolean();
              default -> column < length;
            };
      }
      for (int c = 0; c < shape.width(); c++) {
        result.epsilon[row][c] = (float) random.nextGaussian();
      }
    }
    return result;
  }

  private static <T> T any(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }

  EncoderTwin.Result twin() {
    return new EncoderTwin(shape, noise, parameters).compute(tokens, mask, epsilon);
  }

  /** Computes the case; the gradient is found in a vector full of rubbish. */
  EncoderTwin.Result by(EncoderCompute compute, DataType dataType) {
    INDArray flat = Nd4j.createFromArray(parameters).castTo(dataType);
    INDArray pooled = Nd4j.valueArrayOf(new long[] {tokens.length, shape.width()}, 99.0, dataType);
    INDArray gradient = Nd4j.valueArrayOf(new long[] {parameters.length}, 99.0, dataType);
    compute.forward(batch(), new EncoderCompute.Pass(true, noise), flat, pooled);
    compute.backward(Nd4j.createFromArray(epsilon).castTo(dataType), gradient);
    return new EncoderTwin.Result(
        pooled.castTo(DataType.DOUBLE).toDoubleMatrix(),
        gradient.castTo(DataType.DOUBLE).toDoubleVector());
  }

  /** The pooled vectors of another pass. */
  double[][] pooledBy(EncoderCompute compute, EncoderCompute.Pass pass) {
    INDArray pooled = Nd4j.zeros(DataType.FLOAT, tokens.length, shape.width());
    compute.forward(batch(), pass, Nd4j.createFromArray(parameters).castTo(DataType.FLOAT), pooled);
    return pooled.castTo(DataType.DOUBLE).toDoubleMatrix();
  }

  TokenBatch batch() {
    TokenBatch batch = new TokenBatch("encoder", shape.vocabulary(), shape.maxTokens());
    batch.read(tokenArray(), maskArray());
    return batch;
  }

  INDArray tokenArray() {
    return Nd4j.createFromArray(tokens).castTo(DataType.FLOAT);
  }

  INDArray maskArray() {
    float[][] marks = new float[mask.length][mask[0].length];
    for (int row = 0; row < mask.length; row++) {
      for (int column = 0; column < mask[row].length; column++) {
        marks[row][column] = mask[row][column] ? 1 : 0;
      }
    }
    return Nd4j.createFromArray(marks);
  }
}
