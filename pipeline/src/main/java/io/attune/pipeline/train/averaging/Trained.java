package io.attune.pipeline.train.averaging;

/**
 * What a task of a round leaves on its executor.
 *
 * @param state after the last minibatch; null if the result does not count
 */
record Trained(WorkerResult result, NetworkState state) {}
