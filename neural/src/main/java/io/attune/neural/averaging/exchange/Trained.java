package io.attune.neural.averaging.exchange;

import io.attune.neural.averaging.state.NetworkState;

/**
 * What a task of a round leaves on its executor.
 *
 * @param state after the last minibatch; null if the result does not count
 */
public record Trained(WorkerResult result, NetworkState state) {}
