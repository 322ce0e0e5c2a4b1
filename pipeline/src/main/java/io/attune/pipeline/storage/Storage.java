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
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files below one root, on any Hadoop file system. Paths are relative to the root and separated
 * by {@code /}.
 *
 * <p>A folder is published once: it is written beside its place under a hidden name, its {@link
 * Manifest} last, and then renamed in one step, so that no reader ever sees half of it and a failed
 * writer leaves nothing but a hidden folder, which the next writer removes.
 */
public final class Storage {
  private static final String STAGING = ".staging-";
  private static final int UUID_LENGTH = 36;

  private final FileContext files;
  private final Path root;
  private final Configuration configuration;
  private final List<Runnable> guards = new CopyOnWriteArrayList<>();

  private Storage(FileContext files, Path root, Configuration configuration) {
    this.files = files;
    this.root = root;
    this.configuration = configuration;
  }

  /**
   * Opens the place, without writing to it.
   *
   * @param root a URI such as {@code hdfs://namenode/attune}, or a local path
   * @throws Failure.BadInput if there is no such file system
   */
  public static Storage at(String root, Configuration configuration) {
    try {
      Path given = named(new Path(root), configuration);
      URI uri = given.toUri();
      FileContext files =
          uri.getScheme() == null
              ? FileContext.getLocalFSFileContext(configuration)
              : FileContext.getFileContext(uri, configuration);
      return new Storage(files, files.makeQualified(given), configuration);
    } catch (IOException | RuntimeException e) {
      Trouble trouble = Trouble.of(e);
      throw new Failure.BadInput(
          e, "Cannot open the root '%s': %s; %s", root, trouble.why(), trouble.mend());
    }
  }

  /** {@code hdfs:///attune} means the NameNode of the Hadoop configuration, where it names one. */
  private static Path named(Path given, Configuration configuration) {
    URI uri = given.toUri();
    URI standard = FileSystem.getDefaultUri(configuration);
    boolean lacksHost = uri.getScheme() != null && uri.getAuthority() == null;
    return lacksHost && uri.getScheme().equals(standard.getScheme())
        ? given.makeQualified(standard, new Path("/"))
        : given;
  }

  public Path root() {
    return root;
  }

  /**
   * Asks before each later change below the root, and again before it becomes visible.
   *
   * @param guard throws where no change may be made
   * @return what ends the asking
   */
  Runnable askBeforeChanges(Runnable guard) {
    guards.add(guard);
    return () -> guards.remove(guard);
  }

  /**
   * Checks that this process may still change what is below the root; it may if it has no lock.
   *
   * @throws Failure.Busy if it had a {@link RunLock} on it, which another process took over
   */
  void requireMayChange() {
    guards.forEach(Runnable::run);
  }

  /**
   * The failure of a file system that stands behind an exception of Spark's or of a table's, in
   * terms of who can mend it; empty if none does.
   */
  public static Optional<Failure> troubleBehind(Throwable thrown) {
    return Trouble.in(thrown)
        .map(
            trouble ->
                new Failure.BadInput(
                    thrown, "The file system failed: %s; %s", trouble.why(), trouble.mend()));
  }

  /** The whole path of a file or folder below the root, for Spark and Hadoop. */
  public Path resolve(String path) {
    return path.isEmpty() ? root : new Path(root, path);
  }

  /**
   * Fails, in seconds rather than in an hour, if this user cannot create, rename, overwrite and
   * remove files below the root. Creates the root if it is not there.
   *
   * @throws Failure.BadInput saying why, and what to do
   */
  public void requireWritable() {
    var unused = RootProbe.of(this, configuration).requireWritable(Clock.systemUTC());
  }

  public boolean exists(String path) {
    return io("look for", path, () -> files.util().exists(resolve(path)));
  }

  /** Whether the folder is there with its manifest: a folder is never there without, but asked. */
  public boolean isPublished(String path) {
    return exists(path + "/" + Manifest.FILE_NAME);
  }

  /**
   * Names of what lies directly in a folder, sorted; hidden names left out; empty if it is not
   * there.
   */
  public List<String> list(String path) {
    return io(
        "list",
        path,
        () -> {
          List<String> names = new ArrayList<>();
          try {
            RemoteIterator<FileStatus> found = files.listStatus(resolve(path));
            while (found.hasNext()) {
              String name = found.next().getPath().getName();
              if (!name.startsWith(".")) {
                names.add(name);
              }
            }
          } catch (FileNotFoundException e) {
            return List.of();
          }
          names.sort(Comparator.naturalOrder());
          return List.copyOf(names);
        });
  }

  /**
   * The bytes of one file.
   *
   * @throws Failure.BadInput if it is not there
   */
  public byte[] read(String path) {
    return find(path)
        .orElseThrow(
            () ->
                new Failure.BadInput(
                    "No such file: '%s'; run the stage that publishes it first", resolve(path)));
  }

  private Optional<byte[]> find(String path) {
    return io(
        "read",
        path,
        () -> {
          try (InputStream in = files.open(resolve(path))) {
            return Optional.of(in.readAllBytes());
          } catch (FileNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * One JSON file as a record.
   *
   * @throws Failure.BadInput if it is not there or is not a {@code type}
   */
  public <T> T readJson(String path, Class<T> type) {
    return parse(path, read(path), type);
  }

  /**
   * One JSON file as a record; empty if it is not there. For a file that others remove: looked for
   * first, it may be gone when it is read.
   *
   * @throws Failure.BadInput if it is not a {@code type}
   */
  <T> Optional<T> findJson(String path, Class<T> type) {
    return find(path).map(bytes -> parse(path, bytes, type));
  }

  private <T> T parse(String path, byte[] bytes, Class<T> type) {
    try {
      return Json.read(bytes, type);
    } catch (IOException e) {
      throw new Failure.BadInput(
          e,
          "'%s' is not a %s: %s; it was damaged or written by another version of Attune",
          resolve(path),
          type.getSimpleName(),
          Trouble.firstLine(e));
    }
  }

  /**
   * Replaces one small file in one step: a reader finds the old bytes or the new ones. For what
   * changes by its nature, such as a run's state; artefacts are published.
   */
  public void replace(String path, byte[] bytes) {
    Path target = resolve(path);
    Path staged = new Path(target.getParent(), STAGING + UUID.randomUUID());
    io(
        "write",
        path,
        () -> {
          requireMayChange();
          write(staged, bytes);
          requireMayChange(); // writing may have taken longer than the lock holds
          files.rename(staged, target, Options.Rename.OVERWRITE);
          return null;
        });
  }

  /**
   * Creates one small file in one step if it is not there: a writer that is cut off leaves none
   * that is empty. For locks: nobody is asked.
   *
   * @return whether this call created it
   */
  boolean create(String path, byte[] bytes) {
    Path target = resolve(path);
    Path staged = new Path(target.getParent(), STAGING + UUID.randomUUID());
    return io(
        "create",
        path,
        () -> {
          write(staged, bytes);
          try {
            files.rename(staged, target);
            return true;
          } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
            files.delete(staged, false);
            return false;
          } catch (FileNotFoundException e) {
            return false; // who holds the folder swept it
          }
        });
  }

  /**
   * Removes what writers that were cut off left directly in a folder. Only for who keeps other
   * writers out of it.
   */
  public void sweep(String folder) {
    io(
        "clean",
        folder,
        () -> {
          requireMayChange();
          deleteIn(resolve(folder), name -> name.startsWith(STAGING));
          return null;
        });
  }

  /** Removes what lies directly in a folder and has such a name; the folder need not be there. */
  private void deleteIn(Path folder, Predicate<String> names) throws IOException {
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

  /** Removes one file or folder; nothing happens if it is not there. For locks: nobody is asked. */
  void delete(String path) {
    io(
        "delete",
        path,
        () -> {
          try {
            return files.delete(resolve(path), true);
          } catch (FileNotFoundException e) {
            return false;
          }
        });
  }

  /**
   * Removes a published folder that was only kept for a while, such as a checkpoint, or what an
   * unfinished run leaves behind: it disappears in one step, and a reader never sees half of it.
   * Nothing happens if it is not there.
   */
  public void retire(String path) {
    Path folder = resolve(path);
    Path hidden = new Path(folder.getParent(), STAGING + "retired-" + folder.getName());
    io(
        "remove",
        path,
        () -> {
          if (!files.util().exists(folder)) {
            return false;
          }
          requireMayChange();
          if (files.util().exists(hidden)) { // of a retirement that was cut short
            files.delete(hidden, true);
          }
          files.rename(folder, hidden);
          return files.delete(hidden, true);
        });
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
    Path target = resolve(path);
    String hidden = STAGING + target.getName() + "-";
    return io(
        "publish",
        path,
        () -> {
          requireMayChange();
          deleteIn(target.getParent(), name -> isStaged(name, hidden)); // by earlier writers
          // A name of its own: a writer that was given up may still be writing to the one before.
          Path staging = new Path(target.getParent(), hidden + UUID.randomUUID());
          files.mkdir(staging, null, true);
          Staging written = new Staging(files, staging);
          Map<String, Long> counts = content.writeTo(written);
          Manifest manifest = Manifest.of(entriesBelow(staging, written), counts, provenance);
          write(new Path(staging, Manifest.FILE_NAME), Json.pretty(manifest));
          requireMayChange();
          files.rename(staging, target);
          return manifest;
        });
  }

  /** Whether a writer of the folder that {@code hidden} stands for made a folder of that name. */
  private static boolean isStaged(String name, String hidden) {
    return name.startsWith(hidden) && name.length() == hidden.length() + UUID_LENGTH;
  }

  /**
   * Checks that a folder may still be published.
   *
   * @throws Failure.AlreadyPublished if the folder is there
   */
  public void requireUnpublished(String path) {
    if (exists(path)) {
      throw new Failure.AlreadyPublished(
          "'%s' is published already, and what is published never changes; nothing was done",
          resolve(path));
    }
  }

  /**
   * Reads a published folder's manifest and checks every file's size and SHA-256 against it.
   *
   * @throws Failure.BadInput naming the first file that is missing or differs
   */
  public Manifest verify(String path) {
    Manifest manifest = manifest(path);
    for (FileEntry entry : manifest.files()) {
      String file = path + "/" + entry.path();
      if (!exists(file)) {
        throw new Failure.BadInput(
            "'%s' lists %d files, and '%s' is missing; publish it again from the stage before, or"
                + " restore it from a copy",
            resolve(path), manifest.files().size(), entry.path());
      }
      FileEntry actual = io("read", file, () -> entryOf(resolve(file), entry.path()));
      if (!actual.equals(entry)) {
        throw new Failure.BadInput(
            "'%s' is damaged: its manifest says %d bytes with SHA-256 %s, found %d bytes with %s;"
                + " restore it from a copy, or remove '%s' and run its stage again",
            resolve(file),
            entry.bytes(),
            entry.sha256(),
            actual.bytes(),
            actual.sha256(),
            resolve(path));
      }
    }
    return manifest;
  }

  /**
   * A published folder's manifest, its files unchecked.
   *
   * @throws Failure.BadInput if there is none, or if its own seal does not fit it
   */
  public Manifest manifest(String path) {
    String file = path + "/" + Manifest.FILE_NAME;
    Manifest manifest = readJson(file, Manifest.class);
    if (!manifest.expectedSeal().equals(manifest.seal())) {
      throw new Failure.BadInput(
          "'%s' is damaged: it was sealed with SHA-256 %s, its content has %s; restore it from a"
              + " copy, or remove '%s' and run its stage again",
          resolve(file), manifest.seal(), manifest.expectedSeal(), resolve(path));
    }
    return manifest;
  }

  private List<FileEntry> entriesBelow(Path folder, Staging written) throws IOException {
    List<FileEntry> entries = new ArrayList<>();
    String prefix = folder.toUri().getPath() + "/";
    RemoteIterator<LocatedFileStatus> found = files.util().listFiles(folder, true);
    while (found.hasNext()) {
      Path file = found.next().getPath();
      String name = file.toUri().getPath().substring(prefix.length());
      Optional<FileEntry> measured = written.entry(name);
      entries.add(measured.isPresent() ? measured.get() : entryOf(file, name));
    }
    entries.sort(Comparator.comparing(FileEntry::path));
    return entries;
  }

  private FileEntry entryOf(Path file, String name) throws IOException {
    try (InputStream in = files.open(file)) {
      return new FileEntry(name, files.getFileStatus(file).getLen(), Sha256.of(in));
    }
  }

  private void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out =
        files.create(
            file,
            EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
            Options.CreateOpts.createParent())) {
      out.write(bytes);
    }
  }

  @FunctionalInterface
  private interface FileWork<T> {
    T run() throws IOException;
  }

  private <T> T io(String verb, String path, FileWork<T> work) {
    try {
      return work.run();
    } catch (ChecksumException e) {
      throw new Failure.BadInput(
          e,
          "'%s' is damaged: %s; restore it from a copy, or remove what it belongs to and run its"
              + " stage again",
          resolve(path),
          Trouble.firstLine(e));
    } catch (IOException e) {
      throw new Failure.BadInput(
          e,
          "Cannot %s '%s': %s; check that the file system is up and that user '%s' may do so",
          verb,
          resolve(path),
          Trouble.firstLine(e),
          Trouble.user());
    } catch (UncheckedIOException e) {
      throw new Failure.BadInput(
          e, "Cannot %s '%s': %s", verb, resolve(path), Trouble.firstLine(e.getCause()));
    }
  }
}
