package io.attune.pipeline.stage.report.page;

import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.NightReport;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * Summarises one night as a line of the page over all runs. Metrics are means over the heads on the
 * test split; NaN where a model was not evaluated.
 *
 * @param decision as {@code verdict.json} has it, or empty if the night has no verdict
 */
public record NightLine(
    String task,
    String run,
    String date,
    String decision,
    double accuracy,
    double baselineAccuracy,
    double macroF1,
    double baselineMacroF1) {

  /** Returns the line of a night. */
  public static NightLine of(NightReport night) {
    return new NightLine(
        night.task(),
        night.run(),
        night.date(),
        night.verdict() == null ? "" : night.verdict().decision(),
        mean(night, Evaluation.CANDIDATE, HeadResult::accuracy),
        mean(night, Evaluation.BASELINE, HeadResult::accuracy),
        mean(night, Evaluation.CANDIDATE, HeadResult::macroF1),
        mean(night, Evaluation.BASELINE, HeadResult::macroF1));
  }

  private static double mean(
      NightReport night, String model, ToDoubleFunction<HeadResult> measure) {
    return NightPage.testedHeads(night.evaluation()).values().stream()
        .flatMap(Collection::stream)
        .filter(result -> result.model().equals(model))
        .mapToDouble(measure)
        .average()
        .orElse(Double.NaN);
  }
}
