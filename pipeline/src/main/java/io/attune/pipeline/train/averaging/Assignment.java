package io.attune.pipeline.train.averaging;

import java.io.Serializable;

/**
 * What one worker is to do in one round.
 *
 * @param round names the round, unique in a JVM
 * @param epoch from 0
 * @param seed of the worker's random numbers in this round
 * @param units rows, paths or minibatches that the plan gives to it
 */
record Assignment(String round, int epoch, int worker, long seed, long units)
    implements Serializable {
  private static final long serialVersionUID = 1;
}
