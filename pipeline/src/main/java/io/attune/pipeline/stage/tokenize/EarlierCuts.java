package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.split.TimeCuts;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Run;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds where time divided the documents of the task's last run before this one. */
final class EarlierCuts {
  private EarlierCuts() {}

  /**
   * Returns the cuts beside the latest published tokenizer that has any, and records them; empty
   * where time does not divide.
   */
  static Optional<TimeCuts> of(StageContext context, StageInputs inputs, SplitConfig split) {
    if (split.by() != SplitConfig.By.TIME) {
      return Optional.empty();
    }
    Run run = context.run();
    String folder = "tokenizers/" + run.task();
    List<Run> latestFirst =
        context.storage().list(folder).stream()
            .filter(name -> context.artefacts().isPublished(folder + "/" + name))
            .map(name -> Run.parse(run.task(), name))
            .filter(earlier -> earlier.compareTo(run) < 0)
            .sorted(Comparator.reverseOrder())
            .toList();
    for (Run earlier : latestFirst) {
      Artefact tokenizer = inputs.open("tokenizer of " + earlier.id(), earlier.tokenizer());
      Optional<TimeCuts> cuts = tokenizer.find(TimeCuts.FILE_NAME, TimeCuts.class);
      if (cuts.isPresent()) {
        return cuts;
      }
    }
    return Optional.empty();
  }
}
