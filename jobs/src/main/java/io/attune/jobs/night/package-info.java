/**
 * A night as a state machine: which nights are due, which of their stages are done, and running the
 * rest in order. What is done is written down after each stage, so that a night that was cut off
 * goes on where it stopped.
 */
package io.attune.jobs.night;
