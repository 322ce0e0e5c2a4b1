package io.attune.pipeline.storage;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Compares where a table of Iceberg is with where it was written. Its metadata names every file by
 * its whole address: of a copied or moved table the files at the old place would be read, and what
 * is written to the copy would belong to neither.
 *
 * @param place the table's folder below the root that is in use
 * @param written the table's folder as its metadata has it
 */
record TableHome(Path place, Path written) {
  /**
   * Requires that both are one folder, by whatever name: of another NameNode of the same cluster,
   * through a symbolic link, or through a mount of viewfs.
   *
   * @throws Failure.BadInput if they are not
   */
  void require(Configuration configuration) {
    if (!place.equals(written)
        && !folder(place, configuration).equals(folder(written, configuration))) {
      throw new Failure.BadInput(
          "The table in '%s' was written in '%s', and names its files by that place: the root was"
              + " copied or moved. Use it where it was, or move it back; a root in another place"
              + " begins empty",
          place, written);
    }
  }

  private static String folder(Path path, Configuration configuration) {
    try {
      FileSystem files = path.getFileSystem(configuration);
      if (!files.exists(path)) {
        return path.toUri().getPath();
      }
      URI resolved = files.resolvePath(path).toUri();
      return "file".equals(resolved.getScheme())
          ? java.nio.file.Path.of(resolved.getPath()).toRealPath().toString()
          : resolved.getPath();
    } catch (IOException e) {
      throw new UncheckedIOException("The folder '" + path + "' of a table", e);
    }
  }
}
