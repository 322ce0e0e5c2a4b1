package io.attune.pipeline.input;

import io.attune.pipeline.input.name.FileNames;
import io.attune.pipeline.storage.FileSystems;
import io.attune.schemas.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * Lists the files at a path or pattern. Patterns and folders follow one rule: a name that begins
 * with {@code _} or {@code .} is passed over below the part of the path without a pattern, unless
 * the pattern itself begins with that sign; a partition folder such as {@code _day=2026-01-05} is
 * not. So is one whose ending says that it is still being written ({@code .tmp}, {@code
 * ._COPYING_}), with a word, unless the pattern ends with it.
 *
 * <p>It matches names itself, folder by folder: Hadoop's own globs fail on names with a colon, and
 * ask for the state of a file a second time.
 */
public final class FileListing {
  private static final String NIGHT = "{date}";
  private static final String DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:(?://[^/]*)?)(/.*)");
  private static final int NAMES = 3;

  private final String corpus;
  private final FileSystem files;
  private final LocalLinks links;
  private final Map<String, InputFile> found = new LinkedHashMap<>();
  private final List<String> passedOver = new ArrayList<>();
  private final List<Path> unfinished = new ArrayList<>();
  private Path emptyFolder;

  private FileListing(String corpus, FileSystem files) {
    this.corpus = corpus;
    this.files = files;
    this.links = LocalLinks.of(files);
  }

  /**
   * Holds what is at a path.
   *
   * @param files each once; empty ones included
   * @param passedOver a sentence about each link that leads nowhere or back to its own folder, and
   *     one about those that are still being written
   */
  public record Found(List<InputFile> files, List<String> passedOver) {
    public Found {
      files = List.copyOf(files);
      passedOver = List.copyOf(passedOver);
    }
  }

  /**
   * Finds the files of a corpus. If there is a file or folder of exactly the given name it is
   * taken, whatever signs of a pattern the name has; otherwise the name is a pattern.
   *
   * @param corpus its name
   * @param where file, folder or pattern on any Hadoop file system, in which {@code {date}} stands
   *     for a night
   * @throws Failure.BadInput if there is no file at all
   */
  public static Found find(String corpus, String where, Configuration hadoop) {
    Found found = look(corpus, where, hadoop);
    if (found.files().isEmpty()) {
      throw new Failure.BadInput(
          "Corpus '%s' has no file: nothing is at '%s'%s; correct corpora.path in the configuration",
          corpus,
          where,
          found.passedOver().isEmpty() ? "" : " (" + found.passedOver().get(0) + ")");
    }
    return found;
  }

  /** Finds the files of a corpus that may have none. */
  public static Found look(String corpus, String where, Configuration hadoop) {
    try {
      Matcher uri = URI.matcher(where);
      boolean absolute = uri.matches();
      String below = absolute ? uri.group(2) : where;
      FileSystem files =
          absolute
              ? FileSystems.of(
                  new Path(uri.group(1) + (uri.group(1).contains("//") ? "/" : "///")), hadoop)
              : FileSystem.get(hadoop);
      Path root =
          below.startsWith("/")
              ? files.makeQualified(new Path("/"))
              : files.makeQualified(files.getWorkingDirectory());
      FileListing listing = new FileListing(corpus, files);
      listing.list(root, below);
      return new Found(List.copyOf(listing.found.values()), listing.notes());
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.BadInput(
          e,
          "Cannot look for the files of corpus '%s' at '%s': %s; correct corpora.path in the"
              + " configuration, or let this user read there",
          corpus,
          where,
          e.getMessage());
    }
  }

  private List<String> notes() {
    if (found.isEmpty() && passedOver.isEmpty() && unfinished.isEmpty() && emptyFolder != null) {
      return List.of("the folder '%s' holds no file".formatted(emptyFolder));
    }
    if (unfinished.isEmpty()) {
      return passedOver;
    }
    List<String> notes = new ArrayList<>(passedOver);
    notes.add(
        "%,d file(s) that are still being written, as their endings say: %s%s"
            .formatted(
                unfinished.size(),
                String.join(
                    ", ", unfinished.stream().limit(NAMES).map(f -> "'" + f + "'").toList()),
                unfinished.size() > NAMES
                    ? " and %,d others".formatted(unfinished.size() - NAMES)
                    : ""));
    return notes;
  }

  private void list(Path root, String below) throws IOException {
    Path exact = join(root, below);
    FileStatus status = statusOf(exact);
    if (status != null) {
      take(status, null);
      return;
    }
    links.dangling(exact).ifPresent(passedOver::add);
    for (String pattern : GlobExpander.expand(below.replace(NIGHT, DAY))) {
      match(root, parts(pattern), null);
    }
  }

  private static List<String> parts(String path) {
    return Arrays.stream(path.split("/", -1)).filter(part -> !part.isEmpty()).toList();
  }

  /** Matches the parts of a pattern below a folder. */
  private void match(Path folder, List<String> parts, String date) throws IOException {
    Path here = folder;
    int at = 0;
    while (at < parts.size() && !new GlobFilter(parts.get(at)).hasPattern()) {
      here = join(here, parts.get(at).replaceAll("\\\\(.)", "$1"));
      at++;
    }
    if (at == parts.size()) {
      FileStatus status = statusOf(here);
      if (status != null) {
        take(status, date);
      }
      return;
    }
    String part = parts.get(at);
    GlobFilter filter = new GlobFilter(part);
    List<String> rest = parts.subList(at + 1, parts.size());
    for (FileStatus child : children(here)) {
      String name = child.getPath().getName();
      boolean spelt = part.charAt(0) == name.charAt(0);
      if (!filter.accept(child.getPath())
          || (FileNames.isHidden(name) && !spelt)
          || isUnfinished(child, part)) {
        continue;
      }
      String night = part.contains(DAY) ? dateIn(name) : date;
      if (rest.isEmpty()) {
        take(child, night);
      } else if (child.isDirectory()) {
        match(child.getPath(), rest, night);
      }
    }
  }

  private void take(FileStatus status, String date) throws IOException {
    if (status.isDirectory()) {
      int before = found.size();
      takeBelow(status.getPath(), date);
      emptyFolder = found.size() == before ? status.getPath() : emptyFolder;
      return;
    }
    String path = status.getPath().toString();
    found.put(
        path, new InputFile(corpus, path, date, status.getLen(), status.getModificationTime()));
  }

  private void takeBelow(Path folder, String date) throws IOException {
    for (FileStatus child : children(folder)) {
      if (FileNames.isHidden(child.getPath().getName()) || isUnfinished(child, "")) {
        continue;
      }
      if (child.isFile()) {
        take(child, date);
      } else if (links.leadsBack(child.getPath())) {
        passedOver.add("'%s' is a link to a folder that holds it".formatted(child.getPath()));
      } else {
        takeBelow(child.getPath(), date);
      }
    }
  }

  /** Lists a folder; one that is not there, or vanishes meanwhile, holds nothing. */
  private List<FileStatus> children(Path folder) throws IOException {
    List<FileStatus> children = new ArrayList<>();
    try {
      var listed = files.listStatusIterator(folder);
      while (listed.hasNext()) {
        children.add(listed.next());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    links.dangling(folder, children).stream()
        .filter(link -> !FileNames.isHidden(link.getName()))
        .forEach(link -> passedOver.add("'%s' is a link to nothing".formatted(link)));
    return children;
  }

  private FileStatus statusOf(Path path) throws IOException {
    try {
      return files.getFileStatus(path);
    } catch (FileNotFoundException e) {
      return null;
    } catch (org.apache.hadoop.fs.ParentNotDirectoryException e) {
      return null;
    }
  }

  /** Joins without reading what is before a colon as a file system. */
  private static Path join(Path folder, String below) {
    String relative = below.startsWith("/") ? below.substring(1) : below;
    return relative.isEmpty() ? folder : new Path(folder, new Path(null, null, relative));
  }

  /** Returns whether a name says that what it is of is not finished, and keeps it for a note. */
  private boolean isUnfinished(FileStatus status, String pattern) {
    boolean isUnfinished =
        FileNames.unfinished(status.getPath().getName())
            .filter(ending -> !pattern.endsWith(ending))
            .isPresent();
    if (isUnfinished) {
      unfinished.add(status.getPath());
    }
    return isUnfinished;
  }

  private static String dateIn(String name) {
    Matcher date = DATE.matcher(name);
    return date.find() ? date.group() : null;
  }
}
