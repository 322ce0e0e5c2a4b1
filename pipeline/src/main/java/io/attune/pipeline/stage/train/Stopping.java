package io.attune.pipeline.stage.train;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.schemas.report.TrainingRecord.EpochRecord;

/**
 * Configures when training ends and which epoch it keeps.
 *
 * @param epochs passes over the train split, at most; 0 for {@value #FEW_EPOCHS}, or {@value
 *     #FEWER_EPOCHS} over more than {@value #MANY_ROWS} rows, as fine-tuning needs
 * @param patience epochs without a better validation score after which training stops; 0 for never
 * @param metric that decides which epoch is best
 */
public record Stopping(int epochs, int patience, Metric metric) {
  private static final int FEW_EPOCHS = 3;
  private static final int FEWER_EPOCHS = 2;
  private static final int MANY_ROWS = 20_000;

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
    require(epochs >= 0, "epochs must be at least 1, or 0 to go by the rows, got %d", epochs);
    require(patience >= 0, "patience must be 0 (never) or more epochs, got %d", patience);
  }

  /** Returns the same with a number of epochs, if it was left to the rows of the train split. */
  Stopping over(long rows) {
    return epochs > 0
        ? this
        : new Stopping(rows > MANY_ROWS ? FEWER_EPOCHS : FEW_EPOCHS, patience, metric);
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
