package io.attune.pipeline.storage;

import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.model.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Reads what a stage published: one folder, each of its files checked against the folder's manifest
 * (size and SHA-256) when it is read. Every reader of a published folder goes through it.
 */
public final class Artefact {
  private final Storage storage;
  private final String path;
  private final Manifest manifest;
  private final String manifestHash;
  private final ReadListener listener;

  private Artefact(Storage storage, String path, byte[] manifest, ReadListener listener) {
    this.storage = storage;
    this.path = path;
    this.manifest = storage.parse(path + "/" + Manifest.FILE_NAME, manifest, Manifest.class);
    this.manifestHash = Sha256.of(manifest);
    this.listener = listener;
  }

  static Artefact open(Storage storage, String path, ReadListener listener) {
    byte[] manifest = storage.read(path + "/" + Manifest.FILE_NAME);
    Artefact artefact = new Artefact(storage, path, manifest, listener);
    artefact.requireSealed();
    return artefact;
  }

  /** Returns the folder, relative to the root. */
  public String path() {
    return path;
  }

  /** Returns the last part of its path, such as the version of a model. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Returns the absolute path of the folder, for messages. */
  public Path location() {
    return storage.resolve(path);
  }

  /** Returns the absolute path of one file, for readers such as Spark's, which check nothing. */
  public Path resolve(String file) {
    return storage.resolve(path + "/" + file);
  }

  /** Returns what its manifest says, whose seal was checked. */
  public Manifest manifest() {
    return manifest;
  }

  /** Returns who made it, when and from what. */
  public Provenance provenance() {
    return manifest.provenance();
  }

  /**
   * Returns the SHA-256 of a file, in hexadecimal, as the manifest lists it. The file is not read.
   *
   * @throws Failure.BadInput if the manifest lists no such file
   */
  public String hash(String file) {
    return entry(file).sha256();
  }

  /**
   * Reads one file.
   *
   * @throws Failure.BadInput naming the file, if it is missing, not listed in the manifest, or of
   *     another size or hash
   */
  public byte[] bytes(String file) {
    FileEntry expected = entry(file);
    byte[] bytes = storage.find(path + "/" + file).orElseThrow(() -> missing(file));
    requireSame(expected, new FileEntry(file, bytes.length, Sha256.of(bytes)));
    listener.onRead(file, expected.sha256());
    return bytes;
  }

  /**
   * Reads one file as it is stored, from its start; it may have more bytes than an array. It is not
   * checked: that is for {@link #verify}.
   *
   * @throws Failure.BadInput if the manifest lists no such file
   */
  public <T> T read(String file, Reading<T> reading) {
    FileEntry listed = entry(file);
    T result =
        storage.io(
            "read",
            path + "/" + file,
            () -> {
              try (InputStream in = storage.files().open(resolve(file))) {
                return reading.read(in, listed.bytes());
              }
            });
    listener.onRead(file, listed.sha256());
    return result;
  }

  /** Makes something of the bytes of a file. */
  @FunctionalInterface
  public interface Reading<T> {
    T read(InputStream in, long bytes) throws IOException;
  }

  /**
   * Copies one file, or the manifest, to this machine. It is not checked: whoever opens the copy
   * does that.
   */
  public void copyTo(String file, java.nio.file.Path target) {
    storage.io(
        "copy",
        path + "/" + file,
        () -> {
          try (InputStream in = storage.files().open(resolve(file))) {
            return Files.copy(in, target);
          }
        });
  }

  /**
   * Reads one JSON file as a record.
   *
   * @throws Failure.BadInput as {@link #bytes} does, and if the file is not a {@code type}
   */
  public <T> T json(String file, Class<T> type) {
    byte[] bytes = bytes(file);
    try {
      return Json.read(bytes, type);
    } catch (IOException | RuntimeException e) {
      throw new Failure.BadInput(
          e,
          "'%s' is not a %s: %s; it was written by another version of Attune, run its stage again"
              + " with this one",
          resolve(file),
          type.getSimpleName(),
          Diagnosis.firstLine(e));
    }
  }

  /**
   * Reads one JSON file as a record, if the manifest lists it.
   *
   * @throws Failure.BadInput as {@link #json} does for a file that is listed
   */
  public <T> Optional<T> find(String file, Class<T> type) {
    return manifest.sha256Of(file).map(hash -> json(file, type));
  }

  /**
   * Checks every file, also those that {@link #bytes} does not read.
   *
   * @return this
   * @throws Failure.BadInput naming the first file that is missing or differs
   */
  public Artefact verify() {
    for (FileEntry expected : manifest.files()) {
      String file = expected.path();
      if (!storage.exists(path + "/" + file)) {
        throw missing(file);
      }
      requireSame(
          expected,
          storage.io(
              "read",
              path + "/" + file,
              () -> Artefacts.entryOf(storage.files(), resolve(file), file)));
    }
    listener.onRead(Manifest.FILE_NAME, manifestHash);
    return this;
  }

  /**
   * Checks files on executors, in one Spark job: for files that Spark reads, which checks nothing.
   * They are not reported as read, since a file that lists them is.
   *
   * @return this
   * @throws Failure.BadInput naming the first file that is missing or differs
   */
  public Artefact verify(SparkSession spark, List<String> files) {
    List<FileEntry> expected = files.stream().map(this::entry).toList();
    List<FileHash> found =
        FileHash.of(spark, files.stream().map(file -> resolve(file).toString()).toList());
    for (int i = 0; i < files.size(); i++) {
      String file = files.get(i);
      switch (found.get(i).state()) {
        case MISSING -> throw missing(file);
        case DAMAGED ->
            throw new Failure.BadInput(
                "'%s' is damaged: its bytes fail the file system's own checksum; restore it from a"
                    + " copy, or remove '%s' and run its stage again",
                resolve(file), location());
        case READ ->
            requireSame(
                expected.get(i), new FileEntry(file, found.get(i).bytes(), found.get(i).sha256()));
      }
    }
    return this;
  }

  private FileEntry entry(String file) {
    return manifest.files().stream()
        .filter(entry -> entry.path().equals(file))
        .findFirst()
        .orElseThrow(
            () ->
                new Failure.BadInput(
                    "The manifest of '%s' lists no file '%s'; it was written by another stage or by"
                        + " another version of Attune, run its stage again",
                    location(), file));
  }

  private Failure.BadInput missing(String file) {
    return new Failure.BadInput(
        "'%s' lists %d files, and '%s' is missing; publish it again from the stage before, or"
            + " restore it from a copy",
        location(), manifest.files().size(), file);
  }

  private void requireSame(FileEntry expected, FileEntry actual) {
    if (!actual.equals(expected)) {
      throw new Failure.BadInput(
          "'%s' is damaged: its manifest says %d bytes with SHA-256 %s, found %d bytes with %s;"
              + " restore it from a copy, or remove '%s' and run its stage again",
          resolve(expected.path()),
          expected.bytes(),
          expected.sha256(),
          actual.bytes(),
          actual.sha256(),
          location());
    }
  }

  private void requireSealed() {
    if (!manifest.expectedSeal().equals(manifest.seal())) {
      throw new Failure.BadInput(
          "'%s' is damaged: it was sealed with SHA-256 %s, its content has %s; restore it from a"
              + " copy, or remove '%s' and run its stage again",
          resolve(Manifest.FILE_NAME), manifest.seal(), manifest.expectedSeal(), location());
    }
  }
}
