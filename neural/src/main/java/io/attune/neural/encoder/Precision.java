package io.attune.neural.encoder;

import java.util.Locale;

/** Names the numbers that are multiplied: the values of the key {@code model.precision}. */
public enum Precision {
  /**
   * Uses {@link #BFLOAT16} where the processor multiplies it faster, {@link #FLOAT32} elsewhere.
   */
  AUTO,
  /** Multiplies floats. */
  FLOAT32,
  /**
   * Multiplies floats rounded to 8 bits of precision, and adds the products up as floats;
   * parameters and everything but products stay floats.
   */
  BFLOAT16;

  /** Returns the value as a configuration spells it, such as {@code bfloat16}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
