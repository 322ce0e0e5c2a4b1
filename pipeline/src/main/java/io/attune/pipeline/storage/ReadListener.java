package io.attune.pipeline.storage;

/** Receives the name and the SHA-256 of each file that is read from an {@link Artefact}. */
@FunctionalInterface
public interface ReadListener {
  /** Ignores what is read. */
  ReadListener NONE = (file, sha256) -> {};

  /**
   * Receives one file, after it was checked.
   *
   * @param file below the artefact's folder
   * @param sha256 of its bytes, in hexadecimal
   */
  void onRead(String file, String sha256);
}
