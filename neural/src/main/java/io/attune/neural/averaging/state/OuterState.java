package io.attune.neural.averaging.state;

/**
 * Everything that the master carries from round to round in addition to the network. With it and
 * the {@link NetworkState} a training resumes where another stopped. Never changed once it is made.
 *
 * @param velocity of the outer optimizer, one value for each parameter; empty if it has none yet
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes of floats; identity is all that is compared.
public record OuterState(AveragingProgress progress, float[] velocity) {
  /** Before the first round. */
  public static final OuterState START = new OuterState(AveragingProgress.START, new float[0]);

  /** Returns the state with another progress. */
  public OuterState with(AveragingProgress other) {
    return new OuterState(other, velocity);
  }
}
