package io.attune.neural.encoder;

import static io.attune.schemas.Requirements.require;

/**
 * Configures the fractions of values set to zero in training, each in [0, 1); made by a {@link
 * Builder}.
 *
 * @param word whole tokens of the input
 * @param embedding values of the tokens' vectors before the first block, after their normalisation
 * @param attention attention weights
 * @param residual values that a sublayer adds to its input
 * @param feedForward values between the halves of the feed-forward layer
 * @param output values of the pooled vector
 */
public record Dropout(
    double word,
    double embedding,
    double attention,
    double residual,
    double feedForward,
    double output) {
  /** Drops nothing. */
  public static final Dropout NONE = builder().build();

  public Dropout {
    requireFraction(word, "word");
    requireFraction(embedding, "embedding");
    requireFraction(attention, "attention");
    requireFraction(residual, "residual");
    requireFraction(feedForward, "feed-forward");
    requireFraction(output, "output");
  }

  private static void requireFraction(double value, String name) {
    require(value >= 0 && value < 1, "%s must be in [0, 1), got %s", name, value);
  }

  /** Starts from no dropout. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fractions that are not 0. */
  public static final class Builder {
    private double word;
    private double embedding;
    private double attention;
    private double residual;
    private double feedForward;
    private double output;

    private Builder() {}

    public Builder word(double value) {
      word = value;
      return this;
    }

    public Builder embedding(double value) {
      embedding = value;
      return this;
    }

    public Builder attention(double value) {
      attention = value;
      return this;
    }

    public Builder residual(double value) {
      residual = value;
      return this;
    }

    public Builder feedForward(double value) {
      feedForward = value;
      return this;
    }

    public Builder output(double value) {
      output = value;
      return this;
    }

    /** Makes the record; refuses what {@link Dropout} refuses. */
    public Dropout build() {
      return new Dropout(word, embedding, attention, residual, feedForward, output);
    }
  }
}
