package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.schemas.failure.Failure;
import java.util.Map;

/** Follows how topics and moods move, and raises alerts on surges of negative news. */
public final class Monitor {
  private Monitor() {}

  /**
   * Counts what the models answered by series and day, judges the last days, and publishes trends
   * and alerts. Where there is nothing to count, it publishes the reason.
   *
   * @return counts {@code documents} of the night, {@code series} and {@code alerts} that are new
   * @throws Failure.AlreadyPublished if the run has its mood
   * @throws Failure.BadInput if the file of annotations or of holidays cannot be read, or the model
   *     in use is missing or damaged
   */
  public static StageResult run(StageContext context, MonitorConfig config) {
    if (!config.enabled()) {
      return new StageResult("", "switched off by monitor.enabled", Map.of());
    }
    context.artefacts().requireUnpublished(context.run().mood());
    return new MonitorRun(context, config).result();
  }
}
