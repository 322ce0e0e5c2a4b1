package io.attune.neural.encoder;

import java.util.Locale;

/** Selects how a published model computes: the values of the key {@code model.inference}. */
public enum Inference {
  /** Multiplies what {@link Precision} says, as in training. */
  AS_TRAINED,
  /**
   * Rounds the factors of dense layers to 8-bit integers where the processor multiplies these fast;
   * {@link #AS_TRAINED} elsewhere.
   */
  INT8;

  /** Returns the value as a configuration spells it, such as {@code as-trained}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
