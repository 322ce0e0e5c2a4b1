package io.attune.neural.encoder;

/** How the network knows the order of tokens. */
public enum Positions {
  LEARNED,
  /** Vaswani et al. 2017, 3.5, scaled to the size of the token embeddings. */
  SINUSOIDAL,
  NONE
}
