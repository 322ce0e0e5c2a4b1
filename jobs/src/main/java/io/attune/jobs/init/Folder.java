package io.attune.jobs.init;

import io.attune.pipeline.input.FileListing;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.name.FileNames;
import io.attune.pipeline.input.stream.StoredFile;
import io.attune.pipeline.input.value.SplitWords;
import io.attune.pipeline.storage.FileSystems;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Lists what is below a folder.
 *
 * @param path of the folder, as the user gave it: what comes later is looked for there too
 * @param inner the first folder below it, or itself, that holds more than one folder
 * @param files that ingest would read, sorted; those that are not data by their names included
 * @param passedOver what ingest would not read, and why
 */
record Folder(
    String path, Path inner, List<Path> files, List<String> passedOver, Configuration hadoop) {
  private static final Set<String> UNLABELLED =
      Set.of("unsup", "unsupervised", "unlabeled", "unlabelled");
  private static final int TEXTS = 1000;
  private static final int MAX_BYTES = 200_000;

  /** Opens a path; empty if it is not a folder. */
  static Optional<Folder> at(String path, Configuration hadoop) {
    try {
      Path given = new Path(path);
      FileSystem system = FileSystems.of(given, hadoop);
      FileStatus root = system.getFileStatus(given);
      if (!root.isDirectory()) {
        return Optional.empty();
      }
      Path only = root.getPath();
      for (List<Path> below = folders(system, only);
          below.size() == 1
              && Arrays.stream(system.listStatus(only)).noneMatch(FileStatus::isFile)
              && SplitWords.of(below.get(0).getName()).isEmpty()
              && !folders(system, below.get(0)).isEmpty();
          below = folders(system, only)) {
        only = below.get(0);
      }
      FileListing.Found found = FileListing.look("", path, hadoop);
      List<Path> files =
          found.files().stream()
              .filter(file -> file.bytes() > 0)
              .map(InputFile::path)
              .map(Path::new)
              .sorted()
              .toList();
      List<String> passedOver =
          files.isEmpty()
              ? found.passedOver()
              : found.passedOver().stream().map(note -> "passed over: " + note).toList();
      return Optional.of(
          new Folder(path.replaceAll("(?<=.)/+$", ""), only, files, passedOver, hadoop));
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(path, e);
    }
  }

  private static Failure.BadInput unreadable(Object path, Exception e) {
    return new Failure.BadInput(e, "Cannot read '%s': %s", path, e.getMessage());
  }

  private static List<Path> folders(FileSystem system, Path root) throws IOException {
    return Arrays.stream(system.listStatus(root))
        .filter(FileStatus::isDirectory)
        .map(FileStatus::getPath)
        .filter(folder -> !FileNames.isHidden(folder.getName()))
        .sorted()
        .toList();
  }

  /** Returns the folders or files below that are splits by their names, or else this alone. */
  List<Folder> parts() {
    try {
      List<Path> splits =
          folders(inner.getFileSystem(hadoop), inner).stream()
              .filter(folder -> SplitWords.of(folder.getName()).isPresent())
              .toList();
      boolean tests =
          splits.stream().anyMatch(f -> SplitWords.of(f.getName()).orElseThrow() != Split.TRAIN);
      if (splits.size() > 1 && tests) {
        return splits.stream()
            .map(split -> at(pathOf(inner) + "/" + split.getName(), hadoop).orElseThrow())
            .toList();
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    Map<String, List<Path>> splits = isOfTexts() ? Map.of() : SplitFiles.of(tables());
    List<Folder> parts = new ArrayList<>();
    splits.forEach(
        (pattern, group) -> {
          Path parent = group.get(0).getParent();
          String name = group.size() > 1 ? SplitFiles.escaped(pathOf(parent)) : pathOf(parent);
          parts.add(new Folder(name + "/" + pattern, inner, group, passedOver, hadoop));
        });
    return parts.isEmpty() ? List.of(this) : parts;
  }

  /** Returns the path of a folder below, as the user would write it. */
  private String pathOf(Path below) {
    String root = new Path(path).toUri().getPath();
    String whole = below.toUri().getPath();
    int at = whole.indexOf(root);
    return at < 0 ? below.toString() : path + whole.substring(at + root.length());
  }

  /** Returns the files that hold tables, as their endings say. */
  List<Path> tables() {
    return files.stream().filter(Folder::isTable).toList();
  }

  private static boolean isTable(Path file) {
    return Format.AUTO.known(file.getName()).isPresent();
  }

  /** Returns the files whose names do not say whether they hold tables or a text. */
  List<Path> others() {
    return files.stream()
        .filter(file -> !isTable(file) && !FileNames.isAbout(file.getName()))
        .toList();
  }

  /**
   * Returns whether each file is a text: those in folders, which may be classes, outnumber tables.
   */
  boolean isOfTexts() {
    List<Path> tables = tables();
    long nested = others().stream().filter(file -> !file.getParent().equals(inner)).count();
    return tables.isEmpty() || nested > tables.size();
  }

  /** Takes each file as one document whose label may be its folder. */
  Source texts() {
    if (files.isEmpty()) {
      throw new Failure.BadInput(
          "'%s' holds no file with anything in it%s",
          path, passedOver.isEmpty() ? "" : " but " + passedOver.get(0));
    }
    boolean nested = files.stream().anyMatch(file -> !file.getParent().equals(inner));
    List<Path> beside = files.stream().filter(file -> file.getParent().equals(inner)).toList();
    List<Path> documents =
        nested ? files.stream().filter(file -> !file.getParent().equals(inner)).toList() : files;
    Map<String, Long> labels =
        documents.stream()
            .filter(file -> !isUnlabelled(file))
            .collect(Collectors.groupingBy(f -> f.getParent().getName(), Collectors.counting()));
    List<Map<String, String>> records = new ArrayList<>();
    int wanted = Math.min(TEXTS, documents.size());
    for (int i = 0; i < wanted; i++) {
      Path file = documents.get((int) ((long) i * documents.size() / wanted));
      Map<String, String> record = new LinkedHashMap<>();
      if (!isUnlabelled(file)) {
        record.put("folder", file.getParent().getName());
      }
      record.put("text", text(file));
      records.add(record);
    }
    Set<String> unlabelled = new TreeSet<>();
    documents.stream()
        .filter(Folder::isUnlabelled)
        .forEach(file -> unlabelled.add(file.getParent().getName()));
    List<String> remarks = new ArrayList<>();
    if (nested && !beside.isEmpty()) {
      remarks.add(
          "%,d file(s) lie beside the folders, such as '%s': their folder is no class, and ingest passes"
                  .formatted(beside.size(), beside.get(0).getName())
              + " them over if folders are labels");
    }
    if (!unlabelled.isEmpty()) {
      remarks.add(
          "is it right that texts in %s have no label (columns.null-words)?"
              .formatted(String.join(", ", unlabelled)));
    }
    Table table =
        new Table(List.of("folder", "text"), records, Map.of("folder", labels), documents.size());
    return new Source(
        path,
        Map.of("format", "text-folders"),
        true,
        List.copyOf(unlabelled),
        table,
        passedOver,
        remarks);
  }

  private static boolean isUnlabelled(Path file) {
    return UNLABELLED.contains(file.getParent().getName());
  }

  private String text(Path file) {
    try (FSDataInputStream in = StoredFile.open(file, hadoop)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
