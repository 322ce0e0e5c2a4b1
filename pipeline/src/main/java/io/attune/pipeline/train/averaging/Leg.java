package io.attune.pipeline.train.averaging;

/**
 * Rounds of an epoch made with one number of workers. An epoch that was resumed with another number
 * of workers has several legs.
 */
public record Leg(int workers, int rounds) {}
