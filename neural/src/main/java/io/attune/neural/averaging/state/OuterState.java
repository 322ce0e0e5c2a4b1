package io.attune.neural.averaging.state;

/**
 * Holds everything that the master carries from round to round in addition to the network. Together
 * with the {@link NetworkState} it lets a training resume where another stopped. Not modified after
 * creation.
 *
 * @param velocity of the outer optimizer, one value for each parameter; empty if it has none yet
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes of floats; identity is all that is compared.
public record OuterState(AveragingProgress progress, float[] velocity) {
  /** Describes the state before the first round. */
  public static final OuterState START = new OuterState(AveragingProgress.START, new float[0]);

  /** Returns the state with another progress. */
  public OuterState with(AveragingProgress other) {
    return new OuterState(other, velocity);
  }
}
