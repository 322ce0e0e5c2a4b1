package io.attune.pipeline.provenance;

import io.attune.schemas.model.Provenance;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Makes the provenance of what the stages of one run publish.
 *
 * @param configuration SHA-256 of the resolved configuration
 */
public record Recorder(String task, String run, String configuration, Clock clock) {

  /**
   * Records one artefact.
   *
   * @param stage that publishes
   * @param inputs by name, the hash or snapshot of everything that it read
   */
  public Provenance record(String stage, Map<String, String> inputs) {
    return new Provenance(
        task,
        run,
        stage,
        Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString(),
        System.getProperty("user.name", "unknown"),
        Environment.host(),
        inputs,
        configuration,
        Environment.commit(),
        Environment.versions());
  }
}
