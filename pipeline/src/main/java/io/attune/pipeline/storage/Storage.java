package io.attune.pipeline.storage;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Reads and replaces files below one root, on any Hadoop file system. Paths are relative to the
 * root and separated by {@code /}.
 *
 * <p>It is for files that change by their nature, such as the state of a run; what is published is
 * written and read through {@link Artefacts}.
 */
public final class Storage {
  /** Starts the names of files and folders that are being written or removed. */
  static final String STAGING = ".staging-";

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
   * Opens a root, without writing to it.
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
      Diagnosis diagnosis = Diagnosis.of(e);
      throw new Failure.BadInput(
          e, "Cannot open the root '%s': %s; %s", root, diagnosis.cause(), diagnosis.fix());
    }
  }

  /**
   * Completes a path such as {@code hdfs:///attune} by the NameNode of the Hadoop configuration,
   * where it names one.
   */
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

  FileContext files() {
    return files;
  }

  /**
   * Calls a guard before each later change below the root, and again before it becomes visible.
   *
   * @param guard throws where no change may be made
   * @return what removes the guard
   */
  Runnable guardWritesWith(Runnable guard) {
    guards.add(guard);
    return () -> guards.remove(guard);
  }

  /**
   * Checks that this process may still change what is below the root; it may if it has no lock.
   *
   * @throws Failure.Busy if it had a {@link RunLock} on it, which another process took over
   */
  void requireWriteAllowed() {
    guards.forEach(Runnable::run);
  }

  /**
   * Returns the failure of a file system that caused an exception of Spark's or of a table's, in
   * terms of a user who can fix it; empty if none did.
   */
  public static Optional<Failure> diagnosisOf(Throwable thrown) {
    return Diagnosis.in(thrown)
        .map(
            diagnosis ->
                new Failure.BadInput(
                    thrown, "The file system failed: %s; %s", diagnosis.cause(), diagnosis.fix()));
  }

  /** Returns the absolute path of a file or folder below the root, for Spark and Hadoop. */
  public Path resolve(String path) {
    return path.isEmpty() ? root : new Path(root, path);
  }

  /**
   * Fails within seconds, rather than after an hour, if this user cannot create, rename, overwrite
   * and remove files below the root. Creates the root if it does not exist.
   *
   * @throws Failure.BadInput saying why, and what to do
   */
  public void requireWritable() {
    var unused = RootProbe.of(this, configuration).requireWritable(Clock.systemUTC());
  }

  public boolean exists(String path) {
    return io("look for", path, () -> files.util().exists(resolve(path)));
  }

  /**
   * Returns the names of what is directly in a folder, sorted; hidden names are left out; empty if
   * the folder does not exist.
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
   * Reads the bytes of one file.
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

  /** Reads the bytes of one file; empty if it is not there. */
  Optional<byte[]> find(String path) {
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
   * Reads one JSON file as a record.
   *
   * @throws Failure.BadInput if it is not there or is not a {@code type}
   */
  public <T> T readJson(String path, Class<T> type) {
    return parse(path, read(path), type);
  }

  /**
   * Reads one JSON file as a record; empty if it is not there. For a file that others remove:
   * looked for first, it may be gone when it is read.
   *
   * @throws Failure.BadInput if it is not a {@code type}
   */
  <T> Optional<T> findJson(String path, Class<T> type) {
    return find(path).map(bytes -> parse(path, bytes, type));
  }

  <T> T parse(String path, byte[] bytes, Class<T> type) {
    try {
      return Json.read(bytes, type);
    } catch (IOException e) {
      throw new Failure.BadInput(
          e,
          "'%s' is not a %s: %s; it was damaged or written by another version of Attune",
          resolve(path),
          type.getSimpleName(),
          Diagnosis.firstLine(e));
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
          requireWriteAllowed();
          write(staged, bytes);
          requireWriteAllowed(); // the lock may have expired during the write
          files.rename(staged, target, Options.Rename.OVERWRITE);
          return null;
        });
  }

  /**
   * Creates one small file in one step if it is not there: a writer that is cut off leaves none
   * that is empty. For locks: it is not guarded.
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
            return false; // the holder of the folder removed it
          }
        });
  }

  /**
   * Removes one file or folder; nothing happens if it is not there. For locks: it is not guarded.
   */
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

  /** Writes one file below the root or in a staging folder, parent folders included. */
  void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out =
        files.create(
            file,
            EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
            Options.CreateOpts.createParent())) {
      out.write(bytes);
    }
  }

  /** Does work with files that may fail. */
  @FunctionalInterface
  interface FileWork<T> {
    T run() throws IOException;
  }

  /**
   * Does work with a file, and turns what it throws into a failure that names the file.
   *
   * @param verb what is done to it, for the message
   */
  <T> T io(String verb, String path, FileWork<T> work) {
    try {
      return work.run();
    } catch (ChecksumException e) {
      throw new Failure.BadInput(
          e,
          "'%s' is damaged: %s; restore it from a copy, or remove what it belongs to and run its"
              + " stage again",
          resolve(path),
          Diagnosis.firstLine(e));
    } catch (IOException e) {
      throw new Failure.BadInput(
          e,
          "Cannot %s '%s': %s; check that the file system is up and that user '%s' may do so",
          verb,
          resolve(path),
          Diagnosis.firstLine(e),
          Diagnosis.user());
    } catch (UncheckedIOException e) {
      throw new Failure.BadInput(
          e, "Cannot %s '%s': %s", verb, resolve(path), Diagnosis.firstLine(e.getCause()));
    }
  }
}
