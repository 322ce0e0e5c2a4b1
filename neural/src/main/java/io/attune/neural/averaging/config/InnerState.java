package io.attune.neural.averaging.config;

/** Says what becomes of the workers' optimizer state, such as Adam's moments, after a round. */
public enum InnerState {
  /** Averages it as the parameters are, and so the number of updates that it has seen. */
  AVERAGE,

  /**
   * Starts every round from none, and bias correction counts from 0 again. A DL4J schedule that
   * counts iterations counts from 0 too; the master's own {@link Schedule} does not.
   */
  RESET
}
