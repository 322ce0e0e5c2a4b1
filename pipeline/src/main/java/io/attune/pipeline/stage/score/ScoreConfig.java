package io.attune.pipeline.stage.score;

import static io.attune.schemas.Requirements.require;

/**
 * Configures what the current model reads.
 *
 * @param rescoreDays documents of so many days before the night, which other models have read, are
 *     read again by a model that is new in use; 0 for none
 * @param batchRows documents that the model answers at once
 */
public record ScoreConfig(int rescoreDays, int batchRows) {
  public ScoreConfig {
    require(rescoreDays >= 0, "rescore-days must be at least 0, got %d", rescoreDays);
    require(batchRows >= 1, "batch-rows must be at least 1, got %d", batchRows);
  }
}
