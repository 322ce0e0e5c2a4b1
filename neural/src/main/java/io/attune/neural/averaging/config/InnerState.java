package io.attune.neural.averaging.config;

/** Defines what happens to the workers' optimizer state, such as Adam's moments, after a round. */
public enum InnerState {
  /** Averages the state like the parameters, and likewise its number of updates. */
  AVERAGE,

  /**
   * Starts every round without such state, and bias correction counts from 0 again. A DL4J schedule
   * that counts iterations counts from 0 too; the master's own {@link Schedule} does not.
   */
  RESET
}
