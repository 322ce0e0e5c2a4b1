package io.attune.pipeline.stage.compare;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.metric.FallingLine;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out whether the models of the last nights get worse and worse, measured against the same
 * anchor: the line through their differences falls ({@link FallingLine}).
 */
final class AnchorTrend {
  private AnchorTrend() {}

  /** Returns a sentence for each head whose models get worse. */
  static List<String> of(StageContext context, List<AnchorRecord> tonight) {
    if (tonight.isEmpty()) {
      return List.of();
    }
    List<List<AnchorRecord>> earlier = earlier(context);
    List<String> sentences = new ArrayList<>();
    for (AnchorRecord record : tonight) {
      List<Double> differences = new ArrayList<>();
      earlier.stream()
          .flatMap(List::stream)
          .filter(other -> other.head().equals(record.head()))
          .filter(other -> other.anchor().equals(record.anchor()))
          .forEach(other -> differences.add(other.difference()));
      differences.add(record.difference());
      FallingLine.fall(differences, record.margin())
          .ifPresent(
              fall ->
                  sentences.add(
                      VerdictReasons.of(
                          "On '%s' the models of the last %d nights get worse, by %.4f of macro-F1"
                              + " in all, measured against the anchor %s: look at what has changed"
                              + " in the documents.",
                          record.head(),
                          Math.min(FallingLine.NIGHTS, differences.size()),
                          fall,
                          record.anchor())));
    }
    return sentences;
  }

  /** Returns what earlier runs found, in order. */
  private static List<List<AnchorRecord>> earlier(StageContext context) {
    Artefacts artefacts = context.artefacts();
    Run tonight = context.run();
    List<Run> runs =
        artefacts.runsWith(Run::verdict, tonight.task()).stream()
            .filter(run -> run.compareTo(tonight) < 0)
            .toList();
    return runs.subList(Math.max(0, runs.size() - FallingLine.NIGHTS), runs.size()).stream()
        .map(
            run ->
                artefacts
                    .open(run.verdict())
                    .json(VerdictRecord.FILE_NAME, VerdictRecord.class)
                    .anchors())
        .toList();
  }
}
