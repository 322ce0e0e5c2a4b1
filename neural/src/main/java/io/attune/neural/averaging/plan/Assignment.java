package io.attune.neural.averaging.plan;

import io.attune.neural.averaging.config.Schedule;
import java.io.Serializable;

/**
 * Assigns one worker its work in one round.
 *
 * @param round names the round, unique in a JVM
 * @param epoch from 0
 * @param seed of the worker's random numbers in this round
 * @param units rows, paths or minibatches that the plan gives to it
 * @param clock position of the round in the schedule
 */
public record Assignment(String round, int epoch, int worker, long seed, long units, Clock clock)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * Converts examples of this worker to those of the schedule.
   *
   * @param examplesBefore seen by all workers before the round
   * @param examplesForOne that all workers see while this one sees one
   * @param stepScale fraction of the learning rate that rollbacks have left
   */
  public record Clock(long examplesBefore, double examplesForOne, double stepScale)
      implements Serializable {
    private static final long serialVersionUID = 1;

    /** Returns the factor of the rate for the step that ends at so many rows of the worker. */
    public double factorAt(Schedule.Curve rates, long rows) {
      return stepScale * rates.factorAt(examplesBefore + rows * examplesForOne);
    }
  }
}
