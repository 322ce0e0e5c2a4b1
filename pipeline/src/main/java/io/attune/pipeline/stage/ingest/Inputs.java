package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.FileListing;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** Finds the files of corpora that are to be ingested. */
public final class Inputs {
  private Inputs() {}

  /**
   * Returns the files that no run of the task has ingested yet, sorted by path.
   *
   * @throws Failure.BadInput if a corpus has no file at all
   */
  public static List<InputFile> pending(
      IngestConfig config, Storage storage, String task, Configuration hadoop) {
    Set<InputFile> known = Intake.known(storage, task);
    return config.corpora().stream()
        .flatMap(corpus -> FileListing.find(corpus.name(), corpus.path(), hadoop).stream())
        .filter(file -> !known.contains(file))
        .sorted(Comparator.comparing(InputFile::path))
        .toList();
  }
}
