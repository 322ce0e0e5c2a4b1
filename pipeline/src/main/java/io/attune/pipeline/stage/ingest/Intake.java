package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.model.IntakeRecord;
import io.attune.schemas.model.IntakeRecord.IngestedFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the files that runs ingested, so that no later run ingests them again. */
public final class Intake {
  private Intake() {}

  /** Returns the folder that holds a run's intake; it exists when the stage is complete. */
  public static String folder(Run run) {
    return run.intake();
  }

  /**
   * Returns every file that the runs of a task ingested, as it was when a run last ingested it:
   * what is put back to an earlier state has changed again.
   */
  static Set<InputFile> known(Storage storage, String task) {
    Artefacts artefacts = Artefacts.of(storage);
    List<Artefact> intakes = new ArrayList<>();
    for (String id : storage.list("runs/" + task)) {
      String folder = "runs/" + task + "/" + id + "/intake";
      if (artefacts.isPublished(folder)) {
        intakes.add(artefacts.open(folder));
      }
    }
    intakes.sort(Comparator.comparing(intake -> Instant.parse(intake.provenance().createdAt())));
    Map<String, InputFile> known = new HashMap<>();
    for (Artefact intake : intakes) {
      intake
          .json(IntakeRecord.FILE_NAME, IntakeRecord.class)
          .files()
          .forEach(file -> known.put(Inputs.key(file(file)), file(file)));
    }
    return new HashSet<>(known.values());
  }

  /** Returns the file as it was found. */
  static InputFile file(IngestedFile file) {
    return new InputFile(file.corpus(), file.path(), file.date(), file.bytes(), file.modified());
  }

  static IngestedFile passedOver(InputFile file, String why) {
    return new IngestedFile(
        file.corpus(),
        file.path(),
        file.date(),
        file.bytes(),
        file.modified(),
        0L,
        0L,
        0L,
        0L,
        null,
        why,
        null);
  }
}
