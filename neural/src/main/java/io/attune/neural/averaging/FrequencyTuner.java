package io.attune.neural.averaging;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.state.AveragingProgress;
import java.util.Optional;
import java.util.OptionalInt;

/** Proposes another averaging frequency by the measured cost of rounds, if the user allows it. */
final class FrequencyTuner {
  private final AveragingConfig config;
  private Optional<Overhead> overhead = Optional.empty();

  FrequencyTuner(AveragingConfig config) {
    this.config = config;
    restart();
  }

  /** Forgets what was measured, because rounds are of another length from now on. */
  void restart() {
    double fraction = config.maxAveragingShare();
    overhead = fraction == 0 ? Optional.empty() : Optional.of(new Overhead(fraction));
  }

  /**
   * Adds a round.
   *
   * @param slots tasks that run at a time
   */
  void add(RoundRunner.Attempt attempt, double slots) {
    double turns = Math.max(1, config.workers() / slots);
    overhead.ifPresent(costs -> costs.add(attempt.round(), attempt.results(), turns));
  }

  /** Returns a frequency that is worth a new plan; empty during the warm-up. */
  OptionalInt proposedFrequency(AveragingProgress progress, int inUse) {
    return progress.isWarmingUp(config) || overhead.isEmpty()
        ? OptionalInt.empty()
        : overhead.get().proposedFrequency(inUse);
  }
}
