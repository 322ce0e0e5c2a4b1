package io.attune.pipeline.storage;

import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.model.Provenance;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Publishes folders below a root, opens them and removes them. Paths are relative to the root.
 *
 * <p>A folder is published once: it is written next to its final path under a hidden name, its
 * {@link Manifest} last, and then renamed in one step, so that no reader ever sees half of it and a
 * failed writer leaves nothing but a hidden folder, which the next writer removes.
 */
public final class Artefacts {
  private static final int UUID_LENGTH = 36;

  private final Storage storage;

  private Artefacts(Storage storage) {
    this.storage = storage;
  }

  /** Returns the artefacts below the root of a storage. */
  public static Artefacts of(Storage storage) {
    return new Artefacts(storage);
  }

  /** Writes the files of a folder that is being published. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes every file.
     *
     * @param staging the folder to write to
     * @return what it holds, by name, for the manifest
     */
    Map<String, Long> writeTo(Staging staging) throws IOException;
  }

  /**
   * Publishes a folder once.
   *
   * @return its manifest
   * @throws Failure.AlreadyPublished if the folder is there; nothing was done then
   * @throws Failure.Busy if another process has taken over this one's lock meanwhile; nothing is
   *     published then
   */
  public Manifest publish(String path, Provenance provenance, Content content) {
    requireUnpublished(path);
    Path target = storage.resolve(path);
    String hidden = Storage.STAGING + target.getName() + "-";
    return storage.io(
        "publish",
        path,
        () -> {
          storage.requireWriteAllowed();
          deleteIn(target.getParent(), name -> isStaged(name, hidden)); // left by earlier writers
          // A unique name: an abandoned writer may still be writing to an earlier folder.
          Path staging = new Path(target.getParent(), hidden + UUID.randomUUID());
          storage.files().mkdir(staging, null, true);
          Staging written = new Staging(storage.files(), staging);
          Map<String, Long> counts = content.writeTo(written);
          Manifest manifest = Manifest.of(entriesBelow(staging, written), counts, provenance);
          storage.write(new Path(staging, Manifest.FILE_NAME), Json.pretty(manifest));
          storage.requireWriteAllowed();
          storage.files().rename(staging, target);
          return manifest;
        });
  }

  /**
   * Publishes a copy of a published folder, its manifest included. Nothing happens if there is one
   * of that name.
   *
   * @throws Failure.BadInput if the folder is missing or damaged
   */
  public void copy(String from, String to) {
    if (isPublished(to)) {
      return;
    }
    Artefact source = open(from).verify();
    Path target = storage.resolve(to);
    Path staging =
        new Path(target.getParent(), Storage.STAGING + target.getName() + "-" + UUID.randomUUID());
    storage.io(
        "copy",
        from,
        () -> {
          storage.requireWriteAllowed();
          storage.files().mkdir(staging, null, true);
          for (FileEntry file : source.manifest().files()) {
            Path copied = new Path(staging, file.path());
            storage.files().mkdir(copied.getParent(), null, true);
            storage.files().util().copy(source.resolve(file.path()), copied);
          }
          storage
              .files()
              .util()
              .copy(source.resolve(Manifest.FILE_NAME), new Path(staging, Manifest.FILE_NAME));
          storage.requireWriteAllowed();
          storage.files().rename(staging, target);
          return null;
        });
  }

  /** Returns whether a writer of the folder that {@code hidden} stands for made that name. */
  private static boolean isStaged(String name, String hidden) {
    return name.startsWith(hidden) && name.length() == hidden.length() + UUID_LENGTH;
  }

  /**
   * Checks that a folder may still be published.
   *
   * @throws Failure.AlreadyPublished if the folder is there
   */
  public void requireUnpublished(String path) {
    if (storage.exists(path)) {
      throw new Failure.AlreadyPublished(
          "'%s' is published already, and what is published never changes; nothing was done",
          storage.resolve(path));
    }
  }

  /** Returns whether the folder is there with its manifest. */
  public boolean isPublished(String path) {
    return storage.exists(path + "/" + Manifest.FILE_NAME);
  }

  /**
   * Returns the runs of a task that have published an artefact, in order.
   *
   * @param artefact its folder in a run, such as {@code Run::verdict}
   */
  public List<Run> runsWith(Function<Run, String> artefact, String task) {
    return storage.list("runs/" + task).stream()
        .map(id -> Run.parse(task, id))
        .filter(run -> isPublished(artefact.apply(run)))
        .sorted()
        .toList();
  }

  /**
   * Opens a published folder. Its manifest is read, its files are not.
   *
   * @throws Failure.BadInput if it is not published, or its manifest does not match its seal
   */
  public Artefact open(String path) {
    return open(path, ReadListener.NONE);
  }

  /** Opens a published folder, and reports each of its files that is read to a listener. */
  public Artefact open(String path, ReadListener listener) {
    return Artefact.open(storage, path, listener);
  }

  /**
   * Reads a published folder's manifest and checks every file's size and SHA-256 against it.
   *
   * @throws Failure.BadInput naming the first file that is missing or differs
   */
  public Manifest verify(String path) {
    return open(path).verify().manifest();
  }

  /**
   * Reads a published folder's manifest; its files are not checked.
   *
   * @throws Failure.BadInput if there is none, or if it does not match its seal
   */
  public Manifest manifest(String path) {
    return open(path).manifest();
  }

  /**
   * Removes a published folder that was only kept for a while, such as a checkpoint, or what an
   * unfinished run leaves behind: it disappears in one step, and a reader never sees half of it.
   * Nothing happens if it is not there.
   */
  public void retire(String path) {
    FileContext files = storage.files();
    Path folder = storage.resolve(path);
    Path hidden = new Path(folder.getParent(), Storage.STAGING + "retired-" + folder.getName());
    storage.io(
        "remove",
        path,
        () -> {
          if (!files.util().exists(folder)) {
            return false;
          }
          storage.requireWriteAllowed();
          if (files.util().exists(hidden)) { // left by an interrupted retirement
            files.delete(hidden, true);
          }
          files.rename(folder, hidden);
          return files.delete(hidden, true);
        });
  }

  /**
   * Removes what writers that were cut off left directly in a folder. Only for a caller that keeps
   * other writers out of it.
   */
  public void removeAbandoned(String folder) {
    storage.io(
        "clean",
        folder,
        () -> {
          storage.requireWriteAllowed();
          deleteIn(storage.resolve(folder), name -> name.startsWith(Storage.STAGING));
          return null;
        });
  }

  /** Removes what lies directly in a folder and has such a name; the folder need not be there. */
  private void deleteIn(Path folder, Predicate<String> names) throws IOException {
    FileContext files = storage.files();
    try {
      for (FileStatus found : files.util().listStatus(folder)) {
        if (names.test(found.getPath().getName())) {
          files.delete(found.getPath(), true);
        }
      }
    } catch (FileNotFoundException e) {
      return; // nothing was written there yet
    }
  }

  private List<FileEntry> entriesBelow(Path folder, Staging written) throws IOException {
    List<FileEntry> entries = new ArrayList<>();
    String prefix = folder.toUri().getPath() + "/";
    RemoteIterator<LocatedFileStatus> found = storage.files().util().listFiles(folder, true);
    while (found.hasNext()) {
      Path file = found.next().getPath();
      String name = file.toUri().getPath().substring(prefix.length());
      Optional<FileEntry> measured = written.entry(name);
      entries.add(measured.isPresent() ? measured.get() : entryOf(storage.files(), file, name));
    }
    entries.sort(Comparator.comparing(FileEntry::path));
    return entries;
  }

  /** Measures one file by reading it. */
  static FileEntry entryOf(FileContext files, Path file, String name) throws IOException {
    try (InputStream in = files.open(file)) {
      return new FileEntry(name, files.getFileStatus(file).getLen(), Sha256.of(in));
    }
  }
}
