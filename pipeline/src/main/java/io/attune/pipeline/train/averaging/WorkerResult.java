package io.attune.pipeline.train.averaging;

import java.io.Serializable;

/**
 * What one worker did in one round.
 *
 * @param units rows, paths or minibatches of its assignment that it trained
 * @param lossSum sum over its rows
 * @param fault why its state must not be used; empty if it may
 * @param state null if it had nothing to train, or if there is a fault
 */
record WorkerResult(
    int worker,
    long units,
    long rows,
    long tokens,
    int steps,
    double lossSum,
    String fault,
    long computeNanos,
    long readNanos,
    Exchange.Parcel state)
    implements Serializable {
  private static final long serialVersionUID = 1;
}
