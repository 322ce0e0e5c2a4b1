package io.attune.pipeline.stage.train;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.schemas.report.TrainingRecord.EpochRecord;

/**
 * Configures when training ends and which epoch it keeps.
 *
 * @param epochs passes over the train split, at most; 0 to go by its rows: for fine-tuning {@value
 *     #FEW_EPOCHS}, or {@value #FEWER_EPOCHS} over more than {@value #MANY_ROWS} rows, and for a
 *     vocabulary of the task's own {@value #OWN_EPOCHS} over up to {@value #OWN_ROWS} rows, and
 *     over more rows fewer, by the root, but not below {@value #FEWEST_OWN_EPOCHS}
 * @param patience epochs without a better validation score after which training stops; 0 for never
 * @param metric that decides which epoch is best
 */
public record Stopping(int epochs, int patience, Metric metric) {
  private static final int FEW_EPOCHS = 3;
  private static final int FEWER_EPOCHS = 2;
  private static final int MANY_ROWS = 20_000;
  private static final int OWN_EPOCHS = 10;
  private static final int OWN_ROWS = 10_000;
  private static final int FEWEST_OWN_EPOCHS = 2;

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

  /**
   * Returns the same with a number of epochs, if it was left to the rows of the train split.
   *
   * @param ownVocabulary whether nothing of the network was trained before
   */
  Stopping over(long rows, boolean ownVocabulary) {
    if (epochs > 0) {
      return this;
    }
    return new Stopping(ownVocabulary ? ownEpochs(rows) : tunedEpochs(rows), patience, metric);
  }

  private static int tunedEpochs(long rows) {
    return rows > MANY_ROWS ? FEWER_EPOCHS : FEW_EPOCHS;
  }

  /** Returns passes whose steps grow with the root of the rows once there are enough of these. */
  private static int ownEpochs(long rows) {
    double fraction = Math.sqrt((double) OWN_ROWS / Math.max(rows, OWN_ROWS));
    return (int) Math.max(FEWEST_OWN_EPOCHS, Math.round(OWN_EPOCHS * fraction));
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
