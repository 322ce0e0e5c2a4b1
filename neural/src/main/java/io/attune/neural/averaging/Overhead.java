package io.attune.neural.averaging;

import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.state.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a round costs beside the steps of its workers, as measured, and how many steps it must have
 * for that cost to stay below a share of the time.
 *
 * <p>A round of H steps takes {@code o + H c}; its overhead is at most the share s if {@code H >= o
 * (1 - s) / (s c)}. Medians of what rounds took stand for o and c: a pause of one round is chance.
 */
final class Overhead {
  /** Rounds left out at first: compilers are at work, and shards are read. */
  private static final int COLD = 2;

  /** Rounds behind a choice. */
  private static final int ENOUGH = 8;

  /** A choice that is so near to what is in use is not worth a new plan. */
  private static final double NEAR = 1.3;

  /** Beyond it workers drift apart further than an average mends. */
  static final int MOST = 512;

  private final double share;
  private final List<Double> overheads = new ArrayList<>();
  private final List<Double> steps = new ArrayList<>();
  private int seen;

  /**
   * Starts to measure.
   *
   * @param share of the time that averaging may take, in (0, 1)
   */
  Overhead(double share) {
    this.share = share;
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

  /** Another frequency than that in use, if enough was seen and it differs by much. */
  OptionalInt proposedFrequency(int inUse) {
    if (overheads.size() < ENOUGH) {
      return OptionalInt.empty();
    }
    int wanted = frequency(median(overheads), median(steps), share);
    boolean near = wanted <= inUse * NEAR && wanted * NEAR >= inUse;
    return near ? OptionalInt.empty() : OptionalInt.of(wanted);
  }

  /** Fewest steps with which the overhead stays below the share; between 1 and {@link #MOST}. */
  static int frequency(double overhead, double step, double share) {
    return (int) Math.max(1, Math.min(MOST, Math.ceil(overhead * (1 - share) / (share * step))));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
