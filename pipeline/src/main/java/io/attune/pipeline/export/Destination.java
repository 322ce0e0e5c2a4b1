package io.attune.pipeline.export;

import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.local.RawLocalFs;

/**
 * Holds a folder that does not exist yet.
 *
 * @param parent the folder that it will be in
 */
record Destination(Storage parent, String name) {
  /**
   * Checks a place.
   *
   * @param out a URI, or a path on this machine
   * @throws Failure.BadUsage if there is something
   */
  static Destination of(String out, Configuration configuration) {
    URI given = new Path(out).toUri();
    Path path =
        given.getScheme() == null
            ? new Path(
                "file", null, java.nio.file.Path.of(out).toAbsolutePath().normalize().toString())
            : new Path(given);
    if (path.getParent() == null) {
      throw new Failure.BadUsage("'%s' is not a folder that can be made; name one below it", out);
    }
    Destination destination =
        new Destination(
            Storage.at(path.getParent().toString(), withoutChecksums(configuration)),
            path.getName());
    if (destination.parent.exists(destination.name)) {
      throw new Failure.BadUsage(
          "'%s' exists; nothing was written. Name a folder that does not exist, or remove it",
          path);
    }
    return destination;
  }

  /**
   * Returns a configuration that writes no hidden file of checksums beside each on this machine.
   */
  private static Configuration withoutChecksums(Configuration configuration) {
    Configuration plain = new Configuration(configuration);
    plain.setClass(
        "fs.AbstractFileSystem.file.impl", RawLocalFs.class, RawLocalFs.class.getSuperclass());
    return plain;
  }

  /** Returns the absolute path of the folder. */
  Path location() {
    return parent.resolve(name);
  }
}
