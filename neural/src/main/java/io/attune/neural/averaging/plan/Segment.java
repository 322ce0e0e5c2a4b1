package io.attune.neural.averaging.plan;

import java.io.Serializable;

/**
 * Counts the rounds of an epoch made with one number of workers and one averaging frequency. An
 * epoch that was resumed with another number of workers has several segments.
 *
 * @param frequency minibatches of a worker in a round, at most
 */
public record Segment(int workers, int frequency, int rounds) implements Serializable {
  private static final long serialVersionUID = 1;
}
