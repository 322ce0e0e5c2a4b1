package io.attune.jobs.root;

import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.util.Comparator;
import java.util.Optional;

/** Finds files of the newest run of a task. */
public final class NewestRun {
  private NewestRun() {}

  /**
   * Returns the path of a file of the newest run that has it.
   *
   * @param folder with a folder for each run, such as {@code datasets/news}
   * @param file below the folder of the run
   */
  public static Optional<String> with(String file, String folder, String task, Storage storage) {
    return storage.list(folder).stream()
        .filter(run -> storage.exists(folder + "/" + run + "/" + file))
        .max(Comparator.comparing(run -> Run.parse(task, run)))
        .map(run -> folder + "/" + run + "/" + file);
  }
}
