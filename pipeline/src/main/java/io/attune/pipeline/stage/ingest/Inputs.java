package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Finds the files of corpora. */
public final class Inputs {
  private static final String DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

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
        .flatMap(corpus -> find(corpus, hadoop).stream())
        .filter(file -> !known.contains(file))
        .sorted(Comparator.comparing(InputFile::path))
        .toList();
  }

  private static List<InputFile> find(Corpus corpus, Configuration hadoop) {
    Path pattern = new Path(corpus.path().replace(Corpus.DATE, DAY));
    try {
      FileSystem files = pattern.getFileSystem(hadoop);
      FileStatus[] matches = files.globStatus(pattern);
      List<InputFile> found = new ArrayList<>();
      for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
        String date = dateOf(corpus, match.getPath());
        for (FileStatus file : filesIn(files, match)) {
          found.add(
              new InputFile(
                  corpus.name(),
                  file.getPath().toString(),
                  date,
                  file.getLen(),
                  file.getModificationTime()));
        }
      }
      if (found.isEmpty()) {
        throw new Failure.BadInput(
            "Corpus '%s' has no file: nothing is at '%s'; correct corpora.path in the configuration",
            corpus.name(), corpus.path());
      }
      return found;
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.BadInput(
          e,
          "Cannot look for the files of corpus '%s' at '%s': %s",
          corpus.name(),
          corpus.path(),
          e.getMessage());
    }
  }

  private static List<FileStatus> filesIn(FileSystem files, FileStatus match) throws IOException {
    if (match.isFile()) {
      return List.of(match);
    }
    List<FileStatus> found = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> below = files.listFiles(match.getPath(), true);
    while (below.hasNext()) {
      FileStatus file = below.next();
      if (!isHidden(match.getPath(), file.getPath())) {
        found.add(file);
      }
    }
    if (found.isEmpty()) {
      throw new FileNotFoundException("the folder '" + match.getPath() + "' holds no file");
    }
    return found;
  }

  /**
   * Returns whether Hadoop's own readers ignore the file: a name in its path begins with '_' or
   * '.'.
   */
  private static boolean isHidden(Path folder, Path file) {
    for (Path at = file; !at.equals(folder); at = at.getParent()) {
      if (at.getName().startsWith("_") || at.getName().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the date in a path. A glob's star does not cross a '/', so the date is as deep in the
   * path as in the pattern.
   */
  private static String dateOf(Corpus corpus, Path found) {
    String[] pattern =
        new Path(corpus.path().replace(Corpus.DATE, "0000-00-00")).toString().split("/", -1);
    String[] actual = found.toString().split("/", -1);
    if (!corpus.path().contains(Corpus.DATE)) {
      return null;
    }
    for (int fromEnd = 1; fromEnd <= pattern.length; fromEnd++) {
      if (pattern[pattern.length - fromEnd].contains("0000-00-00")) {
        Matcher date = DATE.matcher(actual[actual.length - fromEnd]);
        return date.find() ? date.group() : null;
      }
    }
    return null;
  }
}
