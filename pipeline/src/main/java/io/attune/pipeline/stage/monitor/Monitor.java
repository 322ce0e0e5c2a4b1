package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.AlertReplay;
import java.util.List;
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

  /**
   * Tells which alerts the past of some corpora would have raised: judges each of their days as the
   * night after it would have, from the days before it, and writes nothing.
   *
   * @param corpora whose documents count, as the configuration names them
   * @param most alerts that are told of, the least probable first
   * @throws Failure.BadInput if there is no model in use, it knows no mood, or it has read no dated
   *     document of the corpora
   */
  public static AlertReplay replay(
      StageContext context, MonitorConfig config, List<String> corpora, int most) {
    return new Replay(context, config, corpora).strongest(most);
  }
}
