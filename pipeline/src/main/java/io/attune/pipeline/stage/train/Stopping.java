package io.attune.pipeline.stage.train;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.report.TrainingRecord.EpochRecord;

/**
 * Configures when training ends and which epoch it keeps.
 *
 * @param epochs passes over the train split, at most
 * @param patience epochs without a better validation score after which training stops; 0 for never
 * @param metric that decides which epoch is best
 */
public record Stopping(int epochs, int patience, Metric metric) {

  /** Names the score by which epochs are compared. */
  public enum Metric {
    /** Compares epochs by their loss; lower is better. */
    LOSS,
    /**
     * Compares epochs by their mean accuracy over the heads; higher is better, or the lower loss if
     * the accuracies are equal.
     */
    ACCURACY
  }

  public Stopping {
    require(epochs >= 1, "epochs must be at least 1, got %d", epochs);
    require(patience >= 0, "patience must be 0 (never) or more epochs, got %d", patience);
  }

  /** Returns whether an epoch is better than the best before it. */
  boolean isBetter(EpochRecord epoch, EpochRecord best) {
    boolean lowerLoss = epoch.validationLoss() < best.validationLoss();
    return switch (metric) {
      case LOSS -> lowerLoss;
      case ACCURACY ->
          epoch.validationAccuracy() > best.validationAccuracy()
              || (epoch.validationAccuracy() == best.validationAccuracy() && lowerLoss);
    };
  }

  /** Returns whether no epoch is left, or the patience is exhausted. */
  boolean isReached(TrainingProgress progress) {
    int done = progress.epoch();
    boolean patienceExhausted =
        patience > 0 && progress.best() != null && done - progress.best().epoch() >= patience;
    return done >= epochs || patienceExhausted;
  }
}
