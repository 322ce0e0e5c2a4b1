package io.attune.jobs.init;

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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Lists what is below a folder.
 *
 * @param path of the folder, as the user gave it
 * @param files that ingest would read, sorted
 */
record Folder(String path, FileSystem system, Path root, List<Path> files) {
  private static final Set<String> TABLES =
      Set.of("csv", "tsv", "jsonl", "ndjson", "json", "parquet", "orc", "avro", "xml");
  private static final Set<String> PACKED = Set.of("gz", "bz2", "zst", "xz", "snappy", "deflate");
  private static final int TEXTS = 1000;
  private static final int MAX_BYTES = 200_000;

  /** Opens a path; empty if it is not a folder. */
  static Optional<Folder> at(String path, Configuration hadoop) {
    try {
      Path root = new Path(path);
      FileSystem system = FileSystems.of(root, hadoop);
      if (!system.getFileStatus(root).isDirectory()) {
        return Optional.empty();
      }
      Path only = root;
      for (List<Path> below = folders(system, only);
          below.size() == 1
              && Arrays.stream(system.listStatus(only)).noneMatch(FileStatus::isFile)
              && SplitWords.of(below.get(0).getName()).isEmpty()
              && !folders(system, below.get(0)).isEmpty();
          below = folders(system, only)) {
        only = below.get(0);
      }
      String given = path.replaceAll("/+$", "");
      String inner = only.toUri().getPath().substring(root.toUri().getPath().length());
      return Optional.of(new Folder(given + inner, system, only, files(system, only)));
    } catch (IOException e) {
      throw new Failure.BadInput(e, "Cannot read '%s': %s", path, e.getMessage());
    }
  }

  private static List<Path> folders(FileSystem system, Path root) throws IOException {
    return Arrays.stream(system.listStatus(root))
        .filter(FileStatus::isDirectory)
        .map(FileStatus::getPath)
        .filter(folder -> !isHidden(folder.getName()))
        .sorted()
        .toList();
  }

  private static List<Path> files(FileSystem system, Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> all = system.listFiles(root, true);
    while (all.hasNext()) {
      LocatedFileStatus file = all.next();
      boolean hidden = false;
      for (Path at = file.getPath(); at != null && !at.equals(root); at = at.getParent()) {
        hidden |= isHidden(at.getName());
      }
      if (!hidden && file.getLen() > 0) {
        files.add(file.getPath());
      }
    }
    files.sort(null);
    return files;
  }

  private static boolean isHidden(String name) {
    return (name.startsWith("_") && !name.contains("="))
        || name.startsWith(".")
        || name.endsWith("._COPYING_");
  }

  /** Returns the folders below that are splits by their names, or else this folder alone. */
  List<String> parts() {
    try {
      List<Path> below = folders(system, root);
      List<Path> splits =
          below.stream().filter(folder -> SplitWords.of(folder.getName()).isPresent()).toList();
      boolean tests =
          splits.stream().anyMatch(f -> SplitWords.of(f.getName()).orElseThrow() != Split.TRAIN);
      return splits.size() > 1 && tests
          ? splits.stream().map(split -> path + "/" + split.getName()).toList()
          : List.of(path);
    } catch (IOException e) {
      throw new Failure.BadInput(e, "Cannot read '%s': %s", path, e.getMessage());
    }
  }

  /** Returns the files that hold tables, as their endings say. */
  List<Path> tables() {
    return files.stream().filter(file -> TABLES.contains(ending(file))).toList();
  }

  private static String ending(Path file) {
    String name = file.getName().toLowerCase(Locale.ROOT);
    String ending = name.substring(name.lastIndexOf('.') + 1);
    if (PACKED.contains(ending)) {
      name = name.substring(0, name.length() - ending.length() - 1);
    }
    return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
  }

  /** Takes each file as one document whose label may be its folder. */
  Source texts() {
    if (files.isEmpty()) {
      throw new Failure.BadInput("'%s' holds no file with anything in it", path);
    }
    boolean nested = files.stream().anyMatch(file -> !file.getParent().equals(root));
    List<Path> beside = files.stream().filter(file -> file.getParent().equals(root)).toList();
    List<Path> documents =
        nested ? files.stream().filter(file -> !file.getParent().equals(root)).toList() : files;
    Map<String, Long> labels =
        documents.stream()
            .collect(Collectors.groupingBy(f -> f.getParent().getName(), Collectors.counting()));
    List<Map<String, String>> records = new ArrayList<>();
    int wanted = Math.min(TEXTS, documents.size());
    for (int i = 0; i < wanted; i++) {
      Path file = documents.get((int) ((long) i * documents.size() / wanted));
      Map<String, String> record = new LinkedHashMap<>();
      record.put("folder", file.getParent().getName());
      record.put("text", text(file));
      records.add(record);
    }
    List<String> remarks = new ArrayList<>();
    if (nested && !beside.isEmpty()) {
      remarks.add(
          "%,d files lie beside the folders, such as '%s'; ingest rejects them, since their folder is"
                  .formatted(beside.size(), beside.get(0).getName())
              + " not a class");
    }
    Table table =
        new Table(List.of("folder", "text"), records, Map.of("folder", labels), documents.size());
    return new Source(path, Map.of("format", "text-folders"), true, table, List.of(), remarks);
  }

  private String text(Path file) {
    try (FSDataInputStream in = system.open(file)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Failure.BadInput(e, "Cannot read '%s': %s", file, e.getMessage());
    }
  }
}
