package io.attune.pipeline.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Holds the data files that lie directly in a folder of a table, of which those are abandoned that
 * no snapshot of the table knows: their writer was cut off before it committed.
 *
 * @param byName whose names are unique in the table
 */
record AbandonedFiles(Storage storage, Map<String, Path> byName) {

  /** Lists the files of a folder, which need not be there. */
  static AbandonedFiles in(Storage storage, Path folder) {
    return storage.io(
        "list", folder.toString(), () -> new AbandonedFiles(storage, list(storage, folder)));
  }

  private static Map<String, Path> list(Storage storage, Path folder) throws IOException {
    Map<String, Path> found = new TreeMap<>();
    try {
      for (FileStatus status : storage.files().util().listStatus(folder)) {
        if (status.isFile()) {
          found.put(status.getPath().getName(), status.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return found; // nothing was written there yet
    }
    return found;
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** Removes all files but those of some names. */
  void removeAllBut(Set<String> known) {
    FileContext files = storage.files();
    byName.forEach(
        (name, file) -> {
          if (!known.contains(name)) {
            storage.requireWriteAllowed();
            var unused = storage.io("remove", file.toString(), () -> files.delete(file, false));
          }
        });
  }
}
