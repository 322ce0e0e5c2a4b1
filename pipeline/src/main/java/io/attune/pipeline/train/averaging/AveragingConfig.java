package io.attune.pipeline.train.averaging;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * How the averaging master trains.
 *
 * @param workers networks trained side by side, one in each Spark task of a round
 * @param averagingFrequency minibatches that each worker trains between two averages
 * @param limits size of a minibatch
 * @param seed of everything random: the same seed, data and number of workers give the same network
 */
public record AveragingConfig(int workers, int averagingFrequency, BatchLimits limits, long seed)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public AveragingConfig {
    require(workers >= 1, "workers must be at least 1, got %d", workers);
    require(
        averagingFrequency >= 1,
        "averaging-frequency must be at least 1 minibatch, got %d",
        averagingFrequency);
  }
}
