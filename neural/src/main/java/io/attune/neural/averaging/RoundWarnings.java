package io.attune.neural.averaging;

import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.plan.RoundPlan;
import io.attune.neural.averaging.worker.Work;
import java.util.List;

/** Warns of workers that were left out of a round that is used, and of stragglers. */
final class RoundWarnings {
  private final Listeners listeners;
  private final Stragglers stragglers = new Stragglers();

  RoundWarnings(Listeners listeners) {
    this.listeners = listeners;
  }

  void after(Work work, RoundPosition position, List<WorkerResult> results) {
    RoundCheck.faulty(results).forEach(result -> listeners.warn(leftOut(work, position, result)));
    stragglers.after(results).ifPresent(listeners::warn);
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
