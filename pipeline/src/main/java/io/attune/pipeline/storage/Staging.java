package io.attune.pipeline.storage;

import io.attune.schemas.model.Manifest.FileEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Writes a folder that no reader sees yet. */
public final class Staging {
  private final FileContext files;
  private final Path folder;
  private final Map<String, FileEntry> measured = new HashMap<>();

  Staging(FileContext files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Returns the absolute path of a file in it, for writers that need one, such as Spark's. */
  public Path resolve(String name) {
    return new Path(folder, name);
  }

  /** Writes one file, parent folders included. */
  public void write(String name, byte[] bytes) throws IOException {
    try (OutputStream out = create(name)) {
      out.write(bytes);
    }
  }

  /** Opens one file for writing; the caller closes it. */
  public OutputStream create(String name) throws IOException {
    return files.create(
        resolve(name), EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent());
  }

  /**
   * Records size and hash of a complete file that was measured already, such as on executors:
   * publishing then does not read it again.
   */
  public void measured(FileEntry entry) {
    measured.put(entry.path(), entry);
  }

  /** Returns the measured size and hash of a file; empty if it was not measured. */
  Optional<FileEntry> entry(String name) {
    return Optional.ofNullable(measured.get(name));
  }

  /** Returns the names of what is directly in a folder, sorted; hidden names are left out. */
  public List<String> list(String folder) throws IOException {
    List<String> names = new ArrayList<>();
    RemoteIterator<FileStatus> found = files.listStatus(resolve(folder));
    while (found.hasNext()) {
      String name = found.next().getPath().getName();
      if (!name.startsWith(".") && !name.startsWith("_")) {
        names.add(name);
      }
    }
    Collections.sort(names);
    return List.copyOf(names);
  }

  /** Moves a file or folder within the staging folder, parent folders included. */
  public void move(String from, String to) throws IOException {
    Path target = resolve(to);
    files.mkdir(target.getParent(), null, true);
    files.rename(resolve(from), target);
  }

  /** Removes what is not to be published, such as a writer's own marker files. */
  public void remove(String name) throws IOException {
    files.delete(resolve(name), true);
  }
}
