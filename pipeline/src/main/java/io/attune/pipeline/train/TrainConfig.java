package io.attune.pipeline.train;

import static io.attune.schemas.Requirements.require;

/**
 * How the network is trained: the group {@code train} of a task's configuration.
 *
 * @param workers networks trained side by side; 0 for one on each core slot that Spark has
 * @param epochs passes over the train split, at most
 * @param batchRows rows of a minibatch, at most
 * @param batchTokens tokens of a minibatch, padding included, at most
 * @param averagingFrequency minibatches that each worker trains between two averages
 * @param checkpointEveryRounds averaging rounds between two checkpoints
 * @param patience epochs without a better validation loss after which training stops; 0 for never
 * @param seed of everything random
 */
public record TrainConfig(
    int workers,
    int epochs,
    int batchRows,
    int batchTokens,
    int averagingFrequency,
    int checkpointEveryRounds,
    int patience,
    long seed) {
  public TrainConfig {
    require(workers >= 0, "train.workers must be 0 (one a core) or more, got %d", workers);
    require(epochs >= 1, "train.epochs must be at least 1, got %d", epochs);
    require(batchRows >= 1, "train.batch-rows must be at least 1, got %d", batchRows);
    require(batchTokens >= 1, "train.batch-tokens must be at least 1, got %d", batchTokens);
    require(
        averagingFrequency >= 1,
        "train.averaging-frequency must be at least 1 minibatch, got %d",
        averagingFrequency);
    require(
        checkpointEveryRounds >= 1,
        "train.checkpoint-every-rounds must be at least 1, got %d",
        checkpointEveryRounds);
    require(patience >= 0, "train.patience must be 0 (never) or more epochs, got %d", patience);
  }
}
