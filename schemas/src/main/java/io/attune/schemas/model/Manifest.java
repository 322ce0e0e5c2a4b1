package io.attune.schemas.model;

import java.util.List;
import java.util.Map;

/**
 * {@code MANIFEST.json}: every file of a published folder, written last, so that a folder without a
 * manifest is no artefact and a changed byte is found.
 *
 * @param version of this format
 * @param files every file but the manifest itself, sorted by path
 * @param counts what is in it, by name, such as {@code rows}
 */
public record Manifest(
    int version, List<FileEntry> files, Map<String, Long> counts, Provenance provenance) {
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
}
