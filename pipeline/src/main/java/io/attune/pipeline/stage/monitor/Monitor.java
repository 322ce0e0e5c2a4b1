package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.advice.AdviceLine;
import io.attune.pipeline.advice.AdviceRun;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.AlertReplay;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Follows how topics and moods move, raises alerts on surges of negative news, and advises whether
 * to train again and which texts to label.
 */
public final class Monitor {
  private Monitor() {}

  /**
   * Counts what the models answered by series and day, judges the last days, and publishes trends
   * and alerts. Where there is nothing to count, it publishes the reason. The advice comes first,
   * so that it is there wherever the mood is.
   *
   * @return counts {@code documents} of the night, {@code series}, {@code alerts} that are new and
   *     {@code requests} for labels
   * @throws Failure.AlreadyPublished if the run has its mood
   * @throws Failure.BadInput if the file of annotations or of holidays cannot be read, or the model
   *     in use is missing or damaged
   */
  public static StageResult run(StageContext context, MonitorConfig config) {
    if (!config.enabled()) {
      return new StageResult("", "switched off by monitor.enabled", Map.of());
    }
    context.artefacts().requireUnpublished(context.run().mood());
    Advice advice =
        new AdviceRun(context, config.advice(), context.inputs(Stage.MONITOR)).publish();
    StageResult mood = new MonitorRun(context, config).result();
    Map<String, Long> counts = new TreeMap<>(mood.counts());
    counts.put("requests", (long) advice.requests().size());
    return new StageResult(
        mood.artefact(),
        advice.asksForAction()
            ? mood.summary() + "; advice: " + AdviceLine.verdict(advice)
            : mood.summary(),
        counts);
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
