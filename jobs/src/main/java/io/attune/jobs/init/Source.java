package io.attune.jobs.init;

import io.attune.schemas.table.Split;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Describes one file or folder that a configuration is written for.
 *
 * @param path as the user gave it
 * @param layout keys of a corpus that say how its records lie, such as {@code delimiter}, in order
 * @param folders whether each file is one document, and its folder may be its label
 * @param unlabelled the folders whose texts have no label
 * @param table its records
 * @param notes how it lies in the file, and how that was told
 * @param doubts what to check of it
 */
record Source(
    String path,
    Map<String, String> layout,
    boolean folders,
    List<String> unlabelled,
    Table table,
    List<String> notes,
    List<String> doubts) {
  /** Returns what is as this, with other records. */
  Source with(Table other) {
    return new Source(path, layout, folders, unlabelled, other, notes, doubts);
  }

  /**
   * Returns the split that the name says, or else the name of the folder; empty if neither does.
   */
  Optional<Split> split() {
    String[] parts = path.replace('\\', '/').split("/", -1);
    for (int i = parts.length - 1; i >= Math.max(0, parts.length - 2); i--) {
      Optional<Split> split = SplitFiles.splitOf(parts[i]);
      if (split.isPresent()) {
        return split;
      }
    }
    return Optional.empty();
  }

  /** Returns the name of the file without its endings, made of letters, digits and {@code _-}. */
  String name() {
    String[] parts = path.replace('\\', '/').replaceAll("/+$", "").split("/", -1);
    String name = stem(parts[parts.length - 1]).toLowerCase(Locale.ROOT);
    String plain = name.replaceAll("[^a-z0-9_-]+", "-").replaceAll("^[-_]+|[-_]+$", "");
    return plain.isEmpty() ? "texts" : plain;
  }

  /** Returns the name of a file without its endings. */
  static String stem(String file) {
    return file.replaceFirst("(?<=.)\\..*$", "");
  }
}
