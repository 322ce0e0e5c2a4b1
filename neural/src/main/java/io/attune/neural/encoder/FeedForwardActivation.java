package io.attune.neural.encoder;

/** Selects the activation between the halves of the feed-forward layer. */
public enum FeedForwardActivation {
  RELU,
  /**
   * Multiplies by the exact normal distribution function, without the approximation by tanh
   * (Hendrycks & Gimpel 2016).
   */
  GELU
}
