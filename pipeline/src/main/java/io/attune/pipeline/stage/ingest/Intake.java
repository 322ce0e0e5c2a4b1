package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lists the files that a run ingested, so that no later run ingests them again: {@code
 * intake.json}.
 */
public record Intake(List<InputFile> files) {
  static final String FILE_NAME = "intake.json";

  public Intake {
    files = List.copyOf(files);
  }

  /** Returns the folder that holds a run's intake; it exists when the stage is complete. */
  public static String folder(Run run) {
    return run.folder() + "/intake";
  }

  /** Returns every file that the runs of a task ingested. */
  static Set<InputFile> known(Storage storage, String task) {
    Set<InputFile> known = new HashSet<>();
    Artefacts artefacts = Artefacts.of(storage);
    for (String id : storage.list("runs/" + task)) {
      String folder = "runs/" + task + "/" + id + "/intake";
      if (artefacts.isPublished(folder)) {
        known.addAll(artefacts.open(folder).json(FILE_NAME, Intake.class).files());
      }
    }
    return known;
  }
}
