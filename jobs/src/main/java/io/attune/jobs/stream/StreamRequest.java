package io.attune.jobs.stream;

import io.attune.schemas.Requirements;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * Says what a stream reads.
 *
 * @param folder where files arrive, a URI or an absolute path
 * @param corpus whose files they are
 * @param maxFiles files of a batch, at most
 * @param every time from one look at the folder to the next; empty for reading what is there, and
 *     no more
 */
public record StreamRequest(String folder, String corpus, int maxFiles, Optional<Duration> every) {
  public StreamRequest {
    Requirements.require(maxFiles >= 1, "--max-files must be at least 1, got %d", maxFiles);
    if (every.isPresent() && every.get().isNegative()) {
      throw new Failure.BadUsage("--every must be at least 0, got %d", every.get().toSeconds());
    }
  }

  /** Returns the folder of the checkpoint, below the root: one for each folder and corpus. */
  String checkpoint(String task) {
    return "streams/%s/%s-%s/checkpoint"
        .formatted(task, corpus, Sha256.of(folder).substring(0, 12));
  }
}
