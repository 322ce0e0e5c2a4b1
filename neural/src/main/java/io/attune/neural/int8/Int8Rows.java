package io.attune.neural.int8;

import io.attune.neural.memory.Floats;

/**
 * Holds rows of floats rounded to bytes: a value is the scale of its row times the difference of
 * its byte, unsigned, and the zero of its row.
 */
public final class Int8Rows {
  /** Holds the rows at most: their sums stay in the second cache. */
  public static final int MOST = 64;

  final Floats bytes = Floats.growing();
  final float[] scales = new float[MOST];
  final int[] zeros = new int[MOST];

  /** Makes room for {@link #MOST} rows of a width; what they held is lost. */
  public Int8Rows ofWidth(int width) {
    bytes.ensure((long) MOST * width / Float.BYTES + 1);
    return this;
  }

  /**
   * Sets scale and zero of a row.
   *
   * @param smallest value of the row, or 0 if that is smaller
   * @param largest value of the row, or 0 if that is larger
   * @return steps of a byte for each 1 of a value
   */
  float range(int row, float smallest, float largest) {
    float range = largest - smallest;
    float inverse = range == 0 ? 0 : Int8Kernels.STEPS / range;
    scales[row] = range / Int8Kernels.STEPS;
    zeros[row] = Math.round(-smallest * inverse);
    return inverse;
  }
}
