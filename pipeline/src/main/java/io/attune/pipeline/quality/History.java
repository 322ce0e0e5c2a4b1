package io.attune.pipeline.quality;

import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.NightQuality;
import io.attune.schemas.report.NightQuality.Measures;
import java.util.List;

/** Reads the measures of earlier nights of a task. */
final class History {
  /** Bounds the nights that tonight is compared with: about two months, the latest. */
  private static final int NIGHTS = 60;

  private History() {}

  /** Returns the measures of runs before this one, the latest last. */
  static List<Measures> before(Run run, Storage storage) {
    Artefacts artefacts = Artefacts.of(storage);
    List<Run> earlier =
        artefacts.runsWith(Quality::folder, run.task()).stream()
            .filter(other -> other.compareTo(run) < 0)
            .toList();
    return earlier.subList(Math.max(0, earlier.size() - NIGHTS), earlier.size()).stream()
        .map(other -> artefacts.open(Quality.folder(other)))
        .map(folder -> folder.json(NightQuality.FILE_NAME, NightQuality.class).measures())
        .toList();
  }
}
