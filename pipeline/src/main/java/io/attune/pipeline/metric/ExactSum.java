package io.attune.pipeline.metric;

import java.io.Serializable;

/**
 * Sums doubles with the same result in any order, since executors answer in any order. Kept in
 * units of 2^-32, to which every addend is rounded.
 *
 * @param units of 2^-32; 2^31 addends of size 1 fit
 */
public record ExactSum(long units) implements Serializable {
  private static final long serialVersionUID = 1;
  private static final double ONE = 0x1p32;

  public static final ExactSum ZERO = new ExactSum(0);

  /**
   * Adds a value.
   *
   * @throws ArithmeticException if the sum no longer fits
   */
  public ExactSum plus(double value) {
    return new ExactSum(Math.addExact(units, Math.round(value * ONE)));
  }

  /**
   * Adds the addends of another.
   *
   * @throws ArithmeticException if the sum no longer fits
   */
  public ExactSum plus(ExactSum other) {
    return new ExactSum(Math.addExact(units, other.units));
  }

  /** Returns the sum, to half of 2^-32 for each addend. */
  public double value() {
    return units / ONE;
  }
}
