package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists the files that a run ingested, so that no later run ingests them again, and what came of
 * each: {@code intake.json}; see {@code docs/formats/intake.md}.
 */
public record Intake(List<IngestedFile> files) {
  /** Names the file that holds it in {@link #folder}. */
  public static final String FILE_NAME = "intake.json";

  /**
   * Describes one file and what came of it. Its counts are null in a root that an earlier version
   * wrote.
   *
   * @param records that were read: the sum of {@code documents} and {@code rejected}
   * @param rejected records, also those of which the table keeps no row
   * @param reasons rejected records by reason; null if there are none
   * @param passedOver why nothing was read; null if it was
   */
  public record IngestedFile(
      String corpus,
      String path,
      String date,
      long bytes,
      long modified,
      Long records,
      Long documents,
      Long rejected,
      Map<String, Long> reasons,
      String passedOver) {

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
          null,
          why);
    }

    /** Returns what came of it, for people. */
    public String outcome() {
      if (passedOver != null) {
        return "passed over, it " + passedOver;
      } else if (records == null) {
        return "ingested by an earlier version";
      }
      return "%,d records, %,d documents, %,d rejected%s"
          .formatted(records, documents, rejected, reasons == null ? "" : " " + reasons);
    }

    /** Returns the file as it was found. */
    public InputFile file() {
      return new InputFile(corpus, path, date, bytes, modified);
    }
  }

  public Intake {
    files = List.copyOf(files);
  }

  /** Returns the folder that holds a run's intake; it exists when the stage is complete. */
  public static String folder(Run run) {
    return run.folder() + "/intake";
  }

  /** Returns every file that the runs of a task ingested, in each state in which it was. */
  static Set<InputFile> known(Storage storage, String task) {
    Set<InputFile> known = new HashSet<>();
    Artefacts artefacts = Artefacts.of(storage);
    for (String id : storage.list("runs/" + task)) {
      String folder = "runs/" + task + "/" + id + "/intake";
      if (artefacts.isPublished(folder)) {
        artefacts
            .open(folder)
            .json(FILE_NAME, Intake.class)
            .files()
            .forEach(file -> known.add(file.file()));
      }
    }
    return known;
  }
}
