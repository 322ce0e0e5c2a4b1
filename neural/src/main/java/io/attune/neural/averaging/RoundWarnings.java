package io.attune.neural.averaging;

import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.plan.RoundPlan;
import io.attune.neural.averaging.worker.Work;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Warns of workers that were left out of a round that is used, of stragglers, and of processors of
 * different kinds.
 */
final class RoundWarnings {
  private final Listeners listeners;
  private final boolean allowed;
  private final Stragglers stragglers = new Stragglers();
  private boolean saidThatKindsDiffer;

  /**
   * Warns by listeners.
   *
   * @param allowed whether processors of different kinds are nothing to warn of
   */
  RoundWarnings(Listeners listeners, boolean allowed) {
    this.listeners = listeners;
    this.allowed = allowed;
  }

  void after(Work work, RoundPosition position, List<WorkerResult> results) {
    RoundCheck.faulty(results).forEach(result -> listeners.warn(leftOut(work, position, result)));
    stragglers.after(results).ifPresent(listeners::warn);
    Set<String> kinds =
        results.stream()
            .map(WorkerResult::processor)
            .collect(Collectors.toCollection(TreeSet::new));
    if (kinds.size() > 1 && !saidThatKindsDiffer && !allowed) {
      saidThatKindsDiffer = true;
      listeners.warn(
          "workers compute on processors of different kinds (%s): another run of this night would"
                  .formatted(String.join("; ", kinds))
              + " give another model. Machines of one kind avoid it; train.mixed-processors: true"
              + " allows it");
    }
  }

  private static String leftOut(Work work, RoundPosition position, WorkerResult result) {
    RoundPlan plan = work.plan();
    int round = position.round();
    long units = plan.to(round, result.worker()) - plan.from(round, result.worker());
    return "%s: worker %d on %s is left out of the average, and with it the %d %s it was given: %s"
        .formatted(
            position,
            result.worker(),
            result.place(),
            units,
            work.rowsIn(round) == plan.unitsIn(round) ? "rows" : "units",
            result.fault());
  }
}
