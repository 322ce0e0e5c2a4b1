package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.storage.FileSystems;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads a file that a task brings along.
 *
 * @param key of the configuration that names it
 * @param path or URI
 * @param without what an empty key means, such as {@code to train one}
 */
record TaskFile(String key, String path, String without) {

  /**
   * Returns its bytes.
   *
   * @throws Failure.BadInput if it is not there, or cannot be read
   */
  byte[] read(Configuration files) {
    return bytes(files)
        .orElseThrow(
            () ->
                new Failure.BadInput(
                    "%s names '%s', and there is no such file; correct the path, or leave the key"
                        + " empty %s",
                    key, path, without));
  }

  /**
   * Returns whether it is there with another content than a stage has read.
   *
   * @param read SHA-256 of what was read; null if nothing was
   */
  boolean isOtherThan(String read, Configuration files) {
    return bytes(files).map(Sha256::of).filter(hash -> !hash.equals(read)).isPresent();
  }

  private Optional<byte[]> bytes(Configuration files) {
    try {
      Path named = new Path(path);
      Path whole = named.toUri().getScheme() == null ? new Path("file", null, path) : named;
      try (InputStream in = FileSystems.of(whole, files).open(whole)) {
        return Optional.of(in.readAllBytes());
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.BadInput(
          e, "Cannot read '%s', which %s names: %s", path, key, e.getMessage());
    }
  }
}
