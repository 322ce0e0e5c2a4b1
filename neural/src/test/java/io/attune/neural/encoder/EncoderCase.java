package io.attune.neural.encoder;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Describes a random encoder, or a part of one, with a random batch: the same for the same seed.
 * Vectors at padding are NaN.
 */
public final class EncoderCase {
  /** Drops values of every kind, each with another frequency. */
  public static final Dropout DROPOUT =
      Dropout.builder()
          .word(0.2)
          .embedding(0.25)
          .attention(0.3)
          .residual(0.1)
          .feedForward(0.4)
          .output(0.5)
          .build();

  private final EncoderShape shape;
  private final Noise noise;
  private final double[] parameters;
  private final int[][] tokens;
  private final boolean[][] mask;
  private final double[][][] vectors;
  private final double[][] epsilon;

  private EncoderCase(EncoderShape shape, Noise noise, int rows, int time) {
    this.shape = shape;
    this.noise = noise;
    parameters = new double[(int) EncoderLayout.of(shape).length()];
    tokens = new int[rows][time];
    mask = new boolean[rows][time];
    vectors = new double[rows][time][shape.embeds() ? 0 : shape.width()];
    epsilon = new double[rows][outputSize()];
  }

  /** Returns the number of output values of a row. */
  int outputSize() {
    return (shape.pools() ? 1 : mask[0].length) * shape.width();
  }

  public EncoderShape shape() {
    return shape;
  }

  Noise noise() {
    return noise;
  }

  public int[][] tokens() {
    return tokens;
  }

  boolean[][] mask() {
    return mask;
  }

  double[][][] vectors() {
    return vectors;
  }

  double[][] epsilon() {
    return epsilon;
  }

  /** Returns the same case without dropout. */
  public EncoderCase still() {
    EncoderCase still = new EncoderCase(shape, Noise.NONE, tokens.length, tokens[0].length);
    System.arraycopy(parameters, 0, still.parameters, 0, parameters.length);
    System.arraycopy(tokens, 0, still.tokens, 0, tokens.length);
    System.arraycopy(mask, 0, still.mask, 0, mask.length);
    System.arraycopy(vectors, 0, still.vectors, 0, vectors.length);
    System.arraycopy(epsilon, 0, still.epsilon, 0, epsilon.length);
    return still;
  }

  /** Makes a case of any shape and mask: rows of one token and rows without any are common. */
  public static EncoderCase random(long seed) {
    Random random = new Random(seed);
    int heads = 1 + random.nextInt(3);
    int width = heads * (1 + random.nextInt(random.nextBoolean() ? 12 : 4));
    int feedForward = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(20);
    return random(seed, random, heads, width, feedForward);
  }

  /** Makes a case like {@link #random}, with widths that are a whole number of vectors. */
  public static EncoderCase aligned(long seed) {
    Random random = new Random(seed);
    int heads = 1 << random.nextInt(4);
    int width = 16 * (1 + random.nextInt(2));
    return random(seed, random, heads, width, 16 * random.nextInt(3));
  }

  /** Makes a case of a part of an encoder. */
  public static EncoderCase part(EncoderShape.Part part, long seed) {
    Random random = new Random(seed);
    int heads = 1 + random.nextInt(3);
    return part(part, seed, random, heads, heads * (1 + random.nextInt(6)));
  }

  /** Makes a case like {@link #part}, with a width that is a whole number of vectors. */
  public static EncoderCase alignedPart(EncoderShape.Part part, long seed) {
    Random random = new Random(seed);
    return part(part, seed, random, 1 << random.nextInt(4), 16 * (1 + random.nextInt(2)));
  }

  private static EncoderCase part(
      EncoderShape.Part part, long seed, Random random, int heads, int width) {
    int time = 1 + random.nextInt(6);
    int maxTokens = time + random.nextInt(3);
    EncoderShape shape =
        switch (part) {
          case EMBEDDING ->
              EncoderShape.embedding(
                      3 + random.nextInt(9), maxTokens, width, any(Positions.values(), random))
                  .toBuilder()
                  .embeddingNorm(random.nextBoolean())
                  .build();
          case ATTENTION -> EncoderShape.attention(maxTokens, heads, width);
          case NORM -> EncoderShape.norm(width);
          case POOLING -> EncoderShape.pooling(width, any(Pooling.values(), random));
          case WHOLE, BLOCK, STEM, STACK -> blocks(part, maxTokens, heads, width, random);
        };
    return of(shape, noise(seed, random), 1 + random.nextInt(4), time, random);
  }

  private static EncoderShape blocks(
      EncoderShape.Part part, int maxTokens, int heads, int width, Random random) {
    boolean embeds = part == EncoderShape.Part.WHOLE || part == EncoderShape.Part.STEM;
    boolean grows = part == EncoderShape.Part.STEM || part == EncoderShape.Part.STACK;
    return EncoderShape.builder(part, width)
        .vocabulary(embeds ? 9 : 0)
        .maxTokens(maxTokens)
        .blocks(grows ? random.nextInt(3) : 1)
        .heads(heads)
        .feedForward(16 * random.nextInt(3))
        .norm(any(Norm.values(), random))
        .activation(any(FeedForwardActivation.values(), random))
        .pooling(grows ? any(Pooling.values(), random) : Pooling.MEAN)
        .positions(
            part == EncoderShape.Part.STEM ? any(Positions.values(), random) : Positions.NONE)
        .embeddingNorm(embeds && random.nextBoolean())
        .normEpsilon(epsilon(width, random))
        .build();
  }

  private static EncoderCase random(
      long seed, Random random, int heads, int width, int feedForward) {
    int time = 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 6);
    EncoderShape shape =
        EncoderShape.builder(EncoderShape.Part.WHOLE, width)
            .vocabulary(3 + random.nextInt(20))
            .maxTokens(time + random.nextInt(3))
            .blocks(random.nextInt(3))
            .heads(heads)
            .feedForward(feedForward)
            .norm(any(Norm.values(), random))
            .activation(any(FeedForwardActivation.values(), random))
            .positions(any(Positions.values(), random))
            .pooling(any(Pooling.values(), random))
            .embeddingNorm(random.nextBoolean())
            .normEpsilon(epsilon(width, random))
            .build();
    return of(shape, noise(seed, random), 1 + random.nextInt(4), time, random);
  }

  /**
   * Returns PyTorch's value, that of BERT or a large one. BERT's is for vectors of many values: two
   * or three may be nearly equal, and rounding errors of single precision then outgrow them.
   */
  private static double epsilon(int width, Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> EncoderShape.NORM_EPSILON;
      case 1 -> width < 8 ? 1e-3 : 1e-12;
      default -> 1e-2;
    };
  }

  private static Noise noise(long seed, Random random) {
    Dropout rates = random.nextInt(3) == 0 ? DROPOUT : Dropout.NONE;
    return Noise.of(rates, seed, 7, 13);
  }

  /** Makes a batch of any size for a shape, without dropout. */
  public static EncoderCase of(EncoderShape shape, long seed) {
    Random random = new Random(seed);
    int time = 1 + random.nextInt(shape.maxTokens());
    return of(shape, Noise.NONE, 1 + random.nextInt(6), time, new Random(seed));
  }

  public static EncoderCase of(EncoderShape shape, Noise noise, int rows, int time, Random random) {
    EncoderCase result = new EncoderCase(shape, noise, rows, time);
    for (int i = 0; i < result.parameters.length; i++) {
      result.parameters[i] = (float) (0.5 * random.nextGaussian());
    }
    for (int row = 0; row < rows; row++) {
      int style = random.nextInt(5);
      int length = random.nextInt(time + 1);
      for (int column = 0; column < time; column++) {
        result.tokens[row][column] = random.nextInt(Math.max(1, shape.vocabulary()));
        result.mask[row][column] =
            switch (style) {
              case 0 -> column == length;
              case 1 -> random.nextBoolean();
              default -> column < length;
            };
      }
      for (int i = 0; i < result.epsilon[row].length; i++) {
        result.epsilon[row][i] = (float) random.nextGaussian();
      }
      result.fillVectors(row, random);
    }
    return result;
  }

  private void fillVectors(int row, Random random) {
    for (int column = 0; column < mask[row].length; column++) {
      boolean real = mask[row][column];
      for (int c = 0; c < vectors[row][column].length; c++) {
        vectors[row][column][c] = real ? (float) random.nextGaussian() : Double.NaN;
      }
      for (int c = 0; c < shape.width() && !shape.pools() && !real; c++) {
        epsilon[row][column * shape.width() + c] = Double.NaN;
      }
    }
  }

  private static <T> T any(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }

  public EncoderTwin.Result twin() {
    return new EncoderTwin(shape, noise, parameters).compute(this);
  }

  /** Computes the case; the arrays for the results are filled with other numbers before. */
  public EncoderTwin.Result by(EncoderBackend backend, DataType dataType) {
    INDArray output = rubbish(dataType, outputSizes());
    INDArray gradient = parameters.length == 0 ? null : rubbish(dataType, parameters.length);
    INDArray inputGradient =
        shape.embeds() ? null : rubbish(dataType, rows(), mask[0].length, shape.width());
    INDArray epsilons = Nd4j.createFromArray(epsilon).castTo(dataType).reshape(outputSizes());
    TokenBatch batch = batch(dataType);
    backend.forward(batch, new EncoderBackend.Pass(true, noise), flat(dataType), output);
    // The next layer determines the order of epsilon.
    backend.backward(shape.pools() ? epsilons : epsilons.dup('f'), gradient, inputGradient);
    return new EncoderTwin.Result(
        byRow(output),
        gradient == null ? new double[0] : gradient.castTo(DataType.DOUBLE).toDoubleVector(),
        inputGradient == null ? new double[rows()][0] : byRow(inputGradient));
  }

  private int rows() {
    return mask.length;
  }

  private long[] outputSizes() {
    return shape.pools()
        ? new long[] {rows(), shape.width()}
        : new long[] {rows(), mask[0].length, shape.width()};
  }

  private INDArray flat(DataType dataType) {
    return parameters.length == 0 ? null : Nd4j.createFromArray(parameters).castTo(dataType);
  }

  private static INDArray rubbish(DataType dataType, long... sizes) {
    return Nd4j.valueArrayOf(sizes, 99.0, dataType);
  }

  private double[][] byRow(INDArray values) {
    return values
        .castTo(DataType.DOUBLE)
        .reshape(rows(), values.length() / rows())
        .toDoubleMatrix();
  }

  /** Computes the output of another pass. */
  public double[][] outputBy(EncoderBackend backend, EncoderBackend.Pass pass) {
    INDArray output = Nd4j.zeros(DataType.FLOAT, outputSizes());
    backend.forward(batch(), pass, flat(DataType.FLOAT), output);
    return byRow(output);
  }

  public TokenBatch batch() {
    return batch(DataType.FLOAT);
  }

  private TokenBatch batch(DataType dataType) {
    TokenBatch batch = new TokenBatch("encoder", shape.vocabulary(), shape.maxTokens());
    if (shape.embeds()) {
      batch.read(tokenArray(), maskArray());
    } else {
      INDArray input = Nd4j.createFromArray(vectors).castTo(dataType).permute(0, 2, 1);
      boolean other = rows() % 2 == 0; // an order in which a token's values lie apart
      batch.readVectors(other ? input.dup('c') : input, maskArray(), shape.width());
    }
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
