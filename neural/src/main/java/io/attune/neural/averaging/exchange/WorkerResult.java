package io.attune.neural.averaging.exchange;

import java.io.Serializable;

/**
 * Reports the work of one worker in one round; its state travels apart.
 *
 * @param units rows, paths or minibatches of its assignment that it trained
 * @param iteration updates that its network has seen, those before the round included
 * @param lossSum sum over its rows
 * @param fault reason why its state must not be used; empty if it may
 * @param place executor that it ran on
 * @param processor the kind of that machine's, see {@link io.attune.neural.ProcessorKind}
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
    String place,
    String processor)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Returns whether its state is part of the average: it trained something, without a failure. */
  public boolean counts() {
    return steps > 0 && fault.isEmpty();
  }
}
