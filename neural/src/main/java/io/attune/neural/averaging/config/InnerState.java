package io.attune.neural.averaging.config;

/** What becomes of the optimizer's state of the workers, such as Adam's moments, after a round. */
public enum InnerState {
  /** It is averaged as the parameters are, and so is the number of updates that it has seen. */
  AVERAGE,

  /**
   * Every round starts from none, and bias correction counts from 0 again. A DL4J schedule that
   * counts iterations counts from 0 too; the master's own {@link Schedule} does not.
   */
  RESET
}
