package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.NightReport.StageRecord;
import java.util.List;

/** Shows the result, the time and the warnings of each stage. */
record StagesView(List<Row> rows, String total, Truncated<Warning> warnings) {
  private static final int MOST_STAGES = 40;

  /** Holds one warning of a stage. */
  record Warning(String stage, String text) {}

  /** Holds one stage; {@code width} is its time as a fraction of the longest. */
  record Row(String stage, String time, String width, String summary) {}

  /** Returns the stages in their order, and as many warnings as the limits allow. */
  static StagesView of(List<StageRecord> stages, PageLimits limits) {
    double longest = stages.stream().mapToDouble(StageRecord::seconds).max().orElse(0);
    return new StagesView(
        stages.stream()
            .limit(MOST_STAGES)
            .map(
                stage ->
                    new Row(
                        Figures.cut(stage.stage(), 30),
                        Figures.duration(stage.seconds()),
                        Figures.width(longest > 0 ? stage.seconds() / longest : 0),
                        Figures.cut(stage.summary(), 200)))
            .toList(),
        Figures.duration(stages.stream().mapToDouble(StageRecord::seconds).sum()),
        Truncated.firstOf(
            stages.stream()
                .filter(stage -> stage.warnings() != null)
                .flatMap(
                    stage ->
                        stage.warnings().stream()
                            .map(
                                text ->
                                    new Warning(
                                        Figures.cut(stage.stage(), 30), Figures.cut(text, 500))))
                .toList(),
            limits.rejects()));
  }
}
