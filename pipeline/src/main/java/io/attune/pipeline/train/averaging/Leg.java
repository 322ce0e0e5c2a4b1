package io.attune.pipeline.train.averaging;

/**
 * Rounds of an epoch made with one number of workers and one averaging frequency. An epoch that was
 * resumed with another number of workers has several legs.
 *
 * @param frequency minibatches of a worker in a round, at most
 */
public record Leg(int workers, int frequency, int rounds) {}
