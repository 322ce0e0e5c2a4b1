package io.attune.pipeline.stage.score;

import static io.attune.schemas.Requirements.require;

/**
 * Configures what the current model reads.
 *
 * @param rescoreDays documents of so many days before the night, which other models have read, are
 *     read again by a model that is new in use; 0 for none
 * @param batchRows documents that the model answers at once
 * @param budgetMinutes time that a night may read for, about; what is left is read by later ones
 */
public record ScoreConfig(int rescoreDays, int batchRows, double budgetMinutes) {
  public ScoreConfig {
    require(rescoreDays >= 0, "rescore-days must be at least 0, got %d", rescoreDays);
    require(batchRows >= 1, "batch-rows must be at least 1, got %d", batchRows);
    require(budgetMinutes > 0, "budget-minutes must be above 0, got %s", budgetMinutes);
  }

  /** Returns the same without a limit of the time. */
  ScoreConfig unlimited() {
    return new ScoreConfig(rescoreDays, batchRows, Double.POSITIVE_INFINITY);
  }
}
