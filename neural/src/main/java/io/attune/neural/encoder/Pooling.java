package io.attune.neural.encoder;

/** How the vectors of a row's tokens become one. */
public enum Pooling {
  /** Additive attention with a learned query (Yang et al. 2016, 2.2). */
  ATTENTION,
  /** The mean over real tokens. */
  MEAN,
  /** The vector of the first real token. */
  FIRST
}
