package io.attune.neural.averaging.plan;

import io.attune.neural.averaging.config.Schedule;
import io.attune.schemas.failure.Failure;
import java.io.Serializable;
import java.util.List;

/**
 * Assigns one worker its work in one round.
 *
 * @param round names the round, unique in a JVM
 * @param epoch from 0
 * @param seed of the worker's random numbers in this round
 * @param units rows, paths or minibatches that the plan gives to it
 * @param clock position of the round in the schedule
 * @param processors kinds of processors that may compute it; empty for any
 */
public record Assignment(
    String round,
    int epoch,
    int worker,
    long seed,
    long units,
    Clock clock,
    List<String> processors)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public Assignment {
    processors = List.copyOf(processors);
  }

  /**
   * Refuses a processor that would give other bits than those that the training began on.
   *
   * @param place of the processor, for people
   * @throws Failure.BadInput if it is of another kind
   */
  public void requireProcessor(String kind, String place) {
    if (!processors.isEmpty() && !processors.contains(kind)) {
      throw new Failure.BadInput(
          "Worker %d ran on %s, whose processor is of the kind '%s', and the training began on %s:"
              + " the same rows would give another model. Let Spark have machines of one kind alone"
              + " (on YARN by a node label, on Kubernetes by a node selector) and run the night"
              + " again, or allow it by train.mixed-processors: true",
          worker, place, kind, processors);
    }
  }

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
