package io.attune.neural.averaging.plan;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.averaging.config.AveragingConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans which units of an epoch each worker trains in each round: rows, or stored minibatches,
 * counted from 0.
 *
 * <p>A worker owns one interval of the epoch's units and takes it in slices of nearly equal size,
 * one a round; so every unit is in exactly one slice, no round is a small remainder, and a worker
 * reads its part of the data only. The plan depends on its arguments alone: a task that is run
 * again does identical work.
 *
 * @param bounds start of each worker's interval, and the end of the last
 * @param rounds 0 if there are no units
 * @param warmUp first rounds, in which a worker takes a step's units only
 * @param perStep units of a step
 */
public record RoundPlan(List<Long> bounds, int rounds, int warmUp, long perStep) {

  /**
   * Configures how many units workers take in a round.
   *
   * @param perStep units that a worker trains in one step
   * @param steps of a round, at most
   * @param warmUpRounds first rounds, of one step each
   */
  public record BatchSchedule(long perStep, int steps, int warmUpRounds) {
    public BatchSchedule {
      require(perStep >= 1, "a round needs at least 1 unit a worker, got %d", perStep);
      require(steps >= 1, "a round needs at least 1 step, got %d", steps);
    }

    /**
     * Returns the schedule from a round of the training on.
     *
     * @param frequency steps of a round
     * @param roundsBefore rounds of the training made before the plan
     */
    public static BatchSchedule of(
        AveragingConfig config, long perStep, int frequency, int roundsBefore) {
      int warmUp = Math.max(0, config.warmUpRounds() - roundsBefore);
      return new BatchSchedule(perStep, frequency, warmUp);
    }
  }

  public RoundPlan {
    bounds = List.copyOf(bounds);
  }

  /**
   * Divides units evenly.
   *
   * @param perRound units that a worker may train in a round, at most
   */
  public static RoundPlan even(long units, int workers, long perRound) {
    return even(units, workers, new BatchSchedule(perRound, 1, 0));
  }

  /** Divides units evenly. */
  public static RoundPlan even(long units, int workers, BatchSchedule batchSchedule) {
    require(workers >= 1, "a plan needs at least 1 worker, got %d", workers);
    List<Long> bounds = new ArrayList<>();
    for (int worker = 0; worker <= workers; worker++) {
      // Compute quotient and remainder separately, since the product could overflow.
      bounds.add(units / workers * worker + units % workers * worker / workers);
    }
    return of(bounds, batchSchedule);
  }

  /** Leaves units in their partitions: worker {@code w} owns the units of partition {@code w}. */
  public static RoundPlan partitioned(List<Integer> sizes, BatchSchedule batchSchedule) {
    List<Long> bounds = new ArrayList<>(List.of(0L));
    for (int size : sizes) {
      bounds.add(bounds.get(bounds.size() - 1) + size);
    }
    return of(bounds, batchSchedule);
  }

  private static RoundPlan of(List<Long> bounds, BatchSchedule batchSchedule) {
    long longest = 0;
    for (int worker = 0; worker + 1 < bounds.size(); worker++) {
      longest = Math.max(longest, bounds.get(worker + 1) - bounds.get(worker));
    }
    long warmUp = Math.min(batchSchedule.warmUpRounds(), ceiling(longest, batchSchedule.perStep()));
    long left = Math.max(0, longest - warmUp * batchSchedule.perStep());
    long rounds = warmUp + ceiling(left, batchSchedule.perStep() * batchSchedule.steps());
    return new RoundPlan(bounds, Math.toIntExact(rounds), (int) warmUp, batchSchedule.perStep());
  }

  private static long ceiling(long units, long size) {
    return (units + size - 1) / size;
  }

  public int workers() {
    return bounds.size() - 1;
  }

  long units() {
    return bounds.get(bounds.size() - 1);
  }

  /** Returns the first unit of a worker's slice; after the last round, the end of its interval. */
  public long from(int round, int worker) {
    long start = bounds.get(worker);
    long warm = Math.min(end(worker) - start, Math.min(round, warmUp) * perStep);
    if (round <= warmUp) {
      return start + warm;
    }
    long left = end(worker) - start - warm;
    return start + warm + left * (round - warmUp) / (rounds - warmUp);
  }

  /** Returns the unit after a worker's slice. */
  public long to(int round, int worker) {
    return from(round + 1, worker);
  }

  /** Returns the unit after a worker's last slice. */
  public long end(int worker) {
    return bounds.get(worker + 1);
  }

  public long unitsIn(int round) {
    long units = 0;
    for (int worker = 0; worker < workers(); worker++) {
      units += to(round, worker) - from(round, worker);
    }
    return units;
  }
}
