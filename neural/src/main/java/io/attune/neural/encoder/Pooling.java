package io.attune.neural.encoder;

/** Selects how the vectors of a row's tokens become one. */
public enum Pooling {
  /** Uses additive attention with a learned query (Yang et al. 2016, 2.2). */
  ATTENTION,
  /** Uses the mean over real tokens. */
  MEAN,
  /** Uses the vector of the first real token. */
  FIRST
}
