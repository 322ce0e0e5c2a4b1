package io.attune.neural.encoder;

import java.util.Optional;

/** Selects the pooling of a network, or leaves it to where its encoder comes from. */
public enum PoolingChoice {
  /** Leaves the choice to the encoder. */
  AUTO(null),
  ATTENTION(Pooling.ATTENTION),
  MEAN(Pooling.MEAN),
  FIRST(Pooling.FIRST);

  private final Pooling pooling;

  PoolingChoice(Pooling pooling) {
    this.pooling = pooling;
  }

  /** Returns the choice of one pooling. */
  public static PoolingChoice of(Pooling pooling) {
    return valueOf(pooling.name());
  }

  /** Returns the chosen pooling, or another one if the choice was left open. */
  public Pooling or(Pooling other) {
    return Optional.ofNullable(pooling).orElse(other);
  }
}
