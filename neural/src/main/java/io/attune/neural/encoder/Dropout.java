package io.attune.neural.encoder;

import static io.attune.schemas.Requirements.require;

/**
 * Configures the fractions of values set to zero in training, each in [0, 1).
 *
 * @param word whole tokens of the input
 * @param attention attention weights
 * @param residual values that a sublayer adds to its input
 * @param feedForward values between the halves of the feed-forward layer
 * @param output values of the pooled vector
 */
public record Dropout(
    double word, double attention, double residual, double feedForward, double output) {
  /** Drops nothing. */
  public static final Dropout NONE = new Dropout(0, 0, 0, 0, 0);

  public Dropout {
    requireFraction(word, "word");
    requireFraction(attention, "attention");
    requireFraction(residual, "residual");
    requireFraction(feedForward, "feed-forward");
    requireFraction(output, "output");
  }

  private static void requireFraction(double value, String name) {
    require(value >= 0 && value < 1, "%s must be in [0, 1), got %s", name, value);
  }
}
