package io.attune.neural.encoder;

/** Computes the fixed position vectors of Vaswani et al. 2017, 3.5. */
public final class SinusoidalPositions {
  private static final double LONGEST_WAVE = 10_000;

  private SinusoidalPositions() {}

  /**
   * Returns the table {@code [maxTokens, width]} by rows, with the standard deviation of initial
   * token embeddings: unscaled it would dominate them.
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
