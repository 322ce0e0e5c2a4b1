package io.attune.pipeline.stage.shard;

import static io.attune.schemas.Requirements.require;

/**
 * Configures how token rows are written.
 *
 * @param targetBytes about how large a shard file is, before compression
 * @param seed of the shuffle
 */
public record ShardConfig(long targetBytes, long seed) {
  public ShardConfig {
    require(targetBytes >= 1024, "target-bytes must be at least 1024, got %d", targetBytes);
  }
}
