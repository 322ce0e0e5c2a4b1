package io.attune.neural.encoder;

/** Selects how the network represents the order of tokens. */
public enum Positions {
  LEARNED,
  /**
   * Adds the fixed vectors of Vaswani et al. 2017, 3.5, scaled to the size of the token embeddings.
   */
  SINUSOIDAL,
  NONE
}
