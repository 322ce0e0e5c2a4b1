package io.attune.neural.averaging;

import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.state.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Measures the cost of a round in addition to the steps of its workers, and computes how many steps
 * a round must have for that cost to stay below a fraction of the time.
 *
 * <p>A round of H steps takes {@code o + H c}; its overhead is at most the fraction s if {@code H
 * >= o (1 - s) / (s c)}. Medians of what rounds took stand for o and c: a pause of one round is
 * chance.
 */
final class Overhead {
  /** Skips the first rounds, in which code is compiled and shards are read. */
  private static final int COLD = 2;

  /** Requires this many rounds for a proposal. */
  private static final int ENOUGH = 8;

  /** Ignores a proposal within this factor of the frequency in use: not worth a new plan. */
  private static final double NEAR = 1.3;

  /** Limits the frequency: beyond it workers drift apart too far for an average. */
  static final int MOST = 512;

  private final double fraction;
  private final List<Double> overheads = new ArrayList<>();
  private final List<Double> steps = new ArrayList<>();
  private int seen;

  /**
   * Starts to measure.
   *
   * @param fraction fraction of the time that averaging may take, in (0, 1)
   */
  Overhead(double fraction) {
    this.fraction = fraction;
  }

  /**
   * Adds a round.
   *
   * @param turns that the tasks of a round take on the slots that there are; 1 if all run at once
   */
  void add(Round round, List<WorkerResult> results, double turns) {
    seen++;
    WorkerResult slowest = null;
    for (WorkerResult result : results) {
      if (result.steps() > 0 && (slowest == null || nanos(result) > nanos(slowest))) {
        slowest = result;
      }
    }
    if (seen > COLD && slowest != null) {
      double busy = nanos(slowest) / 1e9 * turns;
      overheads.add(Math.max(0, round.seconds() - busy));
      steps.add(busy / slowest.steps());
    }
  }

  private static double nanos(WorkerResult result) {
    return (double) result.computeNanos() + result.readNanos();
  }

  /** Returns another frequency, if enough rounds were measured and it differs by much. */
  OptionalInt proposedFrequency(int inUse) {
    if (overheads.size() < ENOUGH) {
      return OptionalInt.empty();
    }
    int wanted = frequency(median(overheads), median(steps), fraction);
    boolean near = wanted <= inUse * NEAR && wanted * NEAR >= inUse;
    return near ? OptionalInt.empty() : OptionalInt.of(wanted);
  }

  /**
   * Returns the fewest steps that keep the overhead below the fraction, from 1 to {@link #MOST}.
   */
  static int frequency(double overhead, double step, double fraction) {
    return (int)
        Math.max(1, Math.min(MOST, Math.ceil(overhead * (1 - fraction) / (fraction * step))));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
