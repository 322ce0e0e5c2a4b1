package io.attune.neural.averaging.exchange;

import io.attune.neural.averaging.state.NetworkState;

/**
 * Holds the output of a task of a round, on its executor.
 *
 * @param state after the last minibatch; null if the result does not count
 */
public record Trained(WorkerResult result, NetworkState state) {}
