package io.attune.pipeline.input;

import io.attune.schemas.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Lists the files at a path or pattern. */
public final class FileListing {
  private static final String NIGHT = "{date}";
  private static final String DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  private FileListing() {}

  /**
   * Finds the files of a corpus.
   *
   * @param corpus its name
   * @param where file, folder or glob on any Hadoop file system, in which {@code {date}} stands for
   *     a night
   * @throws Failure.BadInput if there is no file at all
   */
  public static List<InputFile> find(String corpus, String where, Configuration hadoop) {
    Path pattern = new Path(where.replace(NIGHT, DAY));
    try {
      FileSystem files = pattern.getFileSystem(hadoop);
      FileStatus[] matches = files.globStatus(pattern);
      List<InputFile> found = new ArrayList<>();
      for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
        String date = dateOf(where, match.getPath());
        for (FileStatus file : filesIn(files, match)) {
          found.add(
              new InputFile(
                  corpus,
                  file.getPath().toString(),
                  date,
                  file.getLen(),
                  file.getModificationTime()));
        }
      }
      if (found.isEmpty()) {
        throw new Failure.BadInput(
            "Corpus '%s' has no file: nothing is at '%s'; correct corpora.path in the configuration",
            corpus, where);
      }
      return found;
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.BadInput(
          e, "Cannot look for the files of corpus '%s' at '%s': %s", corpus, where, e.getMessage());
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
  private static String dateOf(String where, Path found) {
    String[] pattern = new Path(where.replace(NIGHT, "0000-00-00")).toString().split("/", -1);
    String[] actual = found.toString().split("/", -1);
    if (!where.contains(NIGHT)) {
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
