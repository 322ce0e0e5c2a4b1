package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.NightReport.StageRecord;
import java.util.List;

/** Shows the result and the time of each stage. */
record StagesView(List<Row> rows, String total) {
  private static final int MOST_STAGES = 40;

  /** Holds one stage; {@code width} is its time as a fraction of the longest. */
  record Row(String stage, String time, String width, String summary) {}

  /** Returns the stages in their order. */
  static StagesView of(List<StageRecord> stages) {
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
        Figures.duration(stages.stream().mapToDouble(StageRecord::seconds).sum()));
  }
}
