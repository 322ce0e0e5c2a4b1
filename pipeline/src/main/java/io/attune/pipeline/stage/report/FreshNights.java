package io.attune.pipeline.stage.report;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.FreshEvidence;
import java.util.List;

/** Reads what the models in use reached on the new documents of each night. */
final class FreshNights {
  /** Bounds the nights that are shown. */
  private static final int MOST_NIGHTS = 60;

  private FreshNights() {}

  /**
   * Returns the latest nights that measured it, up to this one, in order. What a run took over from
   * another one counts once, as that one's.
   */
  static List<FreshEvidence> of(StageContext context) {
    Artefacts artefacts = context.artefacts();
    List<Run> runs =
        artefacts.runsWith(Run::evaluation, context.run().task()).stream()
            .filter(run -> run.compareTo(context.run()) <= 0)
            .toList();
    return runs.subList(Math.max(0, runs.size() - MOST_NIGHTS), runs.size()).stream()
        .flatMap(
            run ->
                artefacts
                    .open(run.evaluation())
                    .find(FreshEvidence.FILE_NAME, FreshEvidence.class)
                    .filter(evidence -> evidence.run().equals(run.id()))
                    .stream())
        .toList();
  }
}
