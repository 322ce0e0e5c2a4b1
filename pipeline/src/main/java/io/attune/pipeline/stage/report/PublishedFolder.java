package io.attune.pipeline.stage.report;

import io.attune.pipeline.storage.Storage;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest;
import java.io.IOException;

/** Reads the files of one folder that another stage published, checked against its manifest. */
record PublishedFolder(Storage storage, String folder, Manifest manifest) {

  /**
   * Opens a folder.
   *
   * @throws Failure.BadInput if it is not published
   */
  static PublishedFolder in(Storage storage, String folder) {
    return new PublishedFolder(storage, folder, storage.manifest(folder));
  }

  /**
   * Returns the SHA-256 that the manifest gives for a file; {@code unknown} if it lists no such
   * file.
   */
  String hashOf(String file) {
    return manifest.sha256Of(file).orElse("unknown");
  }

  /**
   * Reads one of its files and checks it against the manifest; the other files are not read.
   *
   * @throws Failure.BadInput if it is missing, changed or not a {@code type}
   */
  <T> T json(String file, Class<T> type) {
    String path = folder + "/" + file;
    byte[] bytes = storage.read(path);
    String found = Sha256.of(bytes);
    if (!found.equals(hashOf(file))) {
      throw new Failure.BadInput(
          "'%s' is damaged: its manifest says SHA-256 %s, found %s; restore it from a copy, or"
              + " remove '%s' and run its stage again",
          storage.resolve(path), hashOf(file), found, storage.resolve(folder));
    }
    try {
      return Json.read(bytes, type);
    } catch (IOException | RuntimeException e) {
      throw new Failure.BadInput(
          e,
          "'%s' is not a %s: %s; it was written by another version of Attune, run its stage again"
              + " with this one",
          storage.resolve(path),
          type.getSimpleName(),
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }
}
