package io.attune.neural.encoder;

/** Selects how the vectors of a row's tokens become one. */
public enum Pooling {
  /** Takes additive attention with a learned query (Yang et al. 2016, 2.2). */
  ATTENTION,
  /** Takes the mean over real tokens. */
  MEAN,
  /** Takes the vector of the first real token. */
  FIRST
}
