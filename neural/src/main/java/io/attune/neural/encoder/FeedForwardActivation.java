package io.attune.neural.encoder;

/** Between the halves of the feed-forward layer. */
public enum FeedForwardActivation {
  RELU,
  /** Exact, by the error function (Hendrycks & Gimpel 2016). */
  GELU
}
