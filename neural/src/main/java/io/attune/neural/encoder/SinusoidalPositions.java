package io.attune.neural.encoder;

/** The fixed position vectors of Vaswani et al. 2017, 3.5. */
public final class SinusoidalPositions {
  private static final double LONGEST_WAVE = 10_000;

  private SinusoidalPositions() {}

  /**
   * The table {@code [maxTokens, width]} by rows, with the deviation that token embeddings start
   * with: unscaled it would drown them.
   */
  public static double[] table(int maxTokens, int width) {
    double scale = Math.sqrt(2) * EncoderLayout.EMBEDDING_DEVIATION;
    double[] table = new double[maxTokens * width];
    for (int position = 0; position < maxTokens; position++) {
      for (int column = 0; column < width; column++) {
        double angle = position / Math.pow(LONGEST_WAVE, (column - column % 2) / (double) width);
        double wave = column % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
        table[position * width + column] = scale * wave;
      }
    }
    return table;
  }
}
