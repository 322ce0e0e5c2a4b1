package io.attune.pipeline.input;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds symbolic links of the local file system that lead nowhere, which Hadoop leaves out of a
 * listing without a word, or back to a folder above them. Other file systems have no links.
 */
final class LocalLinks {
  private final boolean local;

  private LocalLinks(boolean local) {
    this.local = local;
  }

  static LocalLinks of(FileSystem files) {
    return new LocalLinks("file".equals(files.getUri().getScheme()));
  }

  /** Says so if a path is a link to nothing. */
  Optional<String> dangling(Path path) {
    return local && leadsNowhere(path)
        ? Optional.of("'%s' is a link to nothing".formatted(path))
        : Optional.empty();
  }

  /** Returns the links to nothing in a folder, of which Hadoop listed the rest. */
  List<Path> dangling(Path folder, List<FileStatus> listed) {
    String[] names = local ? file(folder).list() : null;
    if (names == null || names.length <= listed.size()) {
      return List.of();
    }
    Set<String> known = new HashSet<>();
    listed.forEach(status -> known.add(status.getPath().getName()));
    List<Path> dangling = new ArrayList<>();
    for (String name : names) {
      Path path = new Path(folder, new Path(null, null, name));
      if (!known.contains(name) && leadsNowhere(path)) {
        dangling.add(path);
      }
    }
    return dangling;
  }

  /** Returns whether a folder is a link to one that holds it, so that going in would not end. */
  boolean leadsBack(Path folder) throws IOException {
    java.nio.file.Path path = file(folder).toPath();
    return local
        && Files.isSymbolicLink(path)
        && path.getParent().toRealPath().startsWith(path.toRealPath());
  }

  private static boolean leadsNowhere(Path path) {
    java.nio.file.Path file = file(path).toPath();
    return Files.isSymbolicLink(file) && !Files.exists(file);
  }

  private static File file(Path path) {
    return new File(path.toUri().getPath());
  }
}
