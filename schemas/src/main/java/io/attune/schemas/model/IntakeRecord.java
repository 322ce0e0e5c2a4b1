package io.attune.schemas.model;

import java.util.List;
import java.util.Map;

/**
 * Lists the files that a run ingested, and what came of each; see {@code docs/formats/intake.md}.
 *
 * @param readAgain whether the run reads all files again, also those that earlier runs ingested,
 *     since what is read in them has changed; null for no
 */
public record IntakeRecord(List<IngestedFile> files, Boolean readAgain) {
  public static final String FILE_NAME = "intake.json";

  /**
   * Describes one file and what came of it. Its counts are null in a root that an earlier version
   * wrote.
   *
   * @param records that were read: the sum of {@code documents} and {@code rejected}
   * @param rejected records, also those of which the table keeps no row
   * @param rejectsKept rejected records that are rows of the table
   * @param reasons rejected records by reason; null if there are none
   * @param passedOver why nothing was read; null if it was
   * @param encoding how its encoding was found; null for UTF-8, for an encoding as it was declared,
   *     and for formats that say theirs
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
      Long rejectsKept,
      Map<String, Long> reasons,
      String passedOver,
      String encoding) {

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

    /** Returns rejected records that have no row in the table. */
    public long withoutRow() {
      return rejected == null || rejectsKept == null ? 0 : rejected - rejectsKept;
    }
  }

  public IntakeRecord {
    files = List.copyOf(files);
  }

  /** Lists files of which no earlier run ingested any. */
  public IntakeRecord(List<IngestedFile> files) {
    this(files, null);
  }

  /** Returns whether the documents of its files take the place of those that were read before. */
  public boolean readsAgain() {
    return readAgain != null && readAgain;
  }
}
