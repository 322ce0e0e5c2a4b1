package io.attune.schemas.model;

import io.attune.schemas.Sha256;
import io.attune.schemas.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code MANIFEST.json}: every file of a published folder, written last, so that a folder without a
 * manifest is not an artefact and a changed byte is found, in the manifest too.
 *
 * @param version of this format
 * @param files every file but the manifest itself, sorted by path
 * @param counts what is in it, by name, such as {@code rows}
 * @param seal SHA-256 of the other components as JSON on one line
 */
public record Manifest(
    int version,
    List<FileEntry> files,
    Map<String, Long> counts,
    Provenance provenance,
    String seal) {
  public static final String FILE_NAME = "MANIFEST.json";
  public static final int VERSION = 1;

  /**
   * One file.
   *
   * @param path relative to the folder, separated by {@code /}
   * @param bytes its size
   * @param sha256 its hash in hexadecimal
   */
  public record FileEntry(String path, long bytes, String sha256) {}

  public Manifest {
    files = List.copyOf(files);
    counts = Map.copyOf(counts);
  }

  /** What a folder holds, sealed. */
  public static Manifest of(
      List<FileEntry> files, Map<String, Long> counts, Provenance provenance) {
    Manifest open = new Manifest(VERSION, files, counts, provenance, null);
    return new Manifest(VERSION, files, counts, provenance, open.expectedSeal());
  }

  /** SHA-256 of the file of that path; empty if the manifest lists no such file. */
  public Optional<String> sha256Of(String path) {
    return files.stream()
        .filter(file -> file.path().equals(path))
        .map(FileEntry::sha256)
        .findFirst();
  }

  /** The seal that fits what this manifest says; {@link #seal} differs if a byte was changed. */
  public String expectedSeal() {
    return Sha256.of(Json.line(new Manifest(version, files, counts, provenance, null)));
  }
}
