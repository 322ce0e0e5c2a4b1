package io.attune.neural.averaging;

import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.config.OuterOptimizer;
import io.attune.neural.averaging.state.AveragingProgress;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.schemas.failure.Failure;

/** Decides what follows a round: the outer step, or a rollback. */
final class StepPolicy {
  private final MasterConfig config;
  private final OuterOptimizer optimizer;

  StepPolicy(MasterConfig config) {
    this.config = config;
    optimizer = config.averaging().outer().optimizer();
  }

  /** Represents the decision about a round. */
  sealed interface Decision {
    /**
     * Uses the round.
     *
     * @param network that the next round starts from
     * @param velocity of the outer optimizer
     */
    @SuppressWarnings("ArrayRecordComponent") // Megabytes of floats; never compared.
    record Step(NetworkState network, float[] velocity) implements Decision {}

    /** Rejects the round, for this reason. */
    record Divergence(String reason) implements Decision {}
  }

  /**
   * Decides about a round.
   *
   * @param start state that the round started from
   * @param outer before the round
   */
  Decision decide(RoundRunner.Attempt attempt, NetworkState start, OuterState outer) {
    AveragingProgress progress = outer.progress();
    String failure =
        RoundCheck.failureOf(
            config.guards(), attempt.results(), attempt.round().loss(), progress.firstLoss());
    if (!failure.isEmpty()) {
      return new Decision.Divergence(failure);
    }
    NetworkState mean = attempt.mean();
    OuterOptimizer rule =
        progress.isWarmingUp(config.averaging()) ? new OuterOptimizer.PlainAverage() : optimizer;
    OuterOptimizer.Step step = rule.step(start.parameters(), mean.parameters(), outer.velocity());
    NetworkState next = new NetworkState(step.parameters(), mean.updater(), mean.iteration());
    return next.isFinite()
        ? new Decision.Step(next, step.velocity())
        : new Decision.Divergence("the outer step is not finite");
  }

  /**
   * Returns the progress from which a round that diverged is trained again.
   *
   * @param lastGood names the last good checkpoint
   * @throws Failure.TrainingDiverged if no rollback is left
   */
  AveragingProgress rollBack(
      RoundPosition position, String reason, AveragingProgress progress, String lastGood) {
    int allowed = config.guards().rollbacks();
    if (progress.rollbacks() >= allowed) {
      throw new Failure.TrainingDiverged(
          "Training diverged in %s: %s%s; last good checkpoint: %s; lower the learning rate or clip"
              + " gradients, and train again",
          position,
          reason,
          allowed == 0 ? "" : ", after %d rollbacks".formatted(allowed),
          lastGood);
    }
    return progress.rolledBack();
  }
}
