package io.attune.neural.averaging.plan;

import io.attune.neural.averaging.config.Schedule;
import java.io.Serializable;

/**
 * What one worker is to do in one round.
 *
 * @param round names the round, unique in a JVM
 * @param epoch from 0
 * @param seed of the worker's random numbers in this round
 * @param units rows, paths or minibatches that the plan gives to it
 * @param clock where the round stands in the schedule
 */
public record Assignment(String round, int epoch, int worker, long seed, long units, Clock clock)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * How examples of this worker count for the schedule.
   *
   * @param examplesBefore seen by all workers before the round
   * @param examplesForOne that all workers see while this one sees one
   * @param stepScale share of the learning rate that is left
   */
  public record Clock(long examplesBefore, double examplesForOne, double stepScale)
      implements Serializable {
    private static final long serialVersionUID = 1;

    /** Share of the updater's rate for a step after which the worker has trained so many rows. */
    public double factorAt(Schedule.Curve rates, long rows) {
      return stepScale * rates.factorAt(examplesBefore + rows * examplesForOne);
    }
  }
}
