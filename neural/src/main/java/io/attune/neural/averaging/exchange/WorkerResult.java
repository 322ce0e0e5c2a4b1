package io.attune.neural.averaging.exchange;

import java.io.Serializable;

/**
 * What one worker did in one round; its state travels apart.
 *
 * @param units rows, paths or minibatches of its assignment that it trained
 * @param iteration updates that its network has seen, those before the round included
 * @param lossSum sum over its rows
 * @param fault why its state must not be used; empty if it may
 * @param place where it ran
 */
public record WorkerResult(
    int worker,
    long units,
    long rows,
    long tokens,
    int steps,
    int iteration,
    double lossSum,
    String fault,
    long computeNanos,
    long readNanos,
    String place)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Whether its state is part of the average: it trained something, and without fault. */
  public boolean counts() {
    return steps > 0 && fault.isEmpty();
  }
}
