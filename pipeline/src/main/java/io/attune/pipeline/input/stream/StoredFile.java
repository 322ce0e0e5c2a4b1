package io.attune.pipeline.input.stream;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Reaches files by their paths, whatever their names. */
public final class StoredFile {
  private StoredFile() {}

  /**
   * Returns the file system to read a file with. Hadoop's local one looks for a checksum beside
   * each file, by a name that it cannot make of one with a colon, such as {@code 12:30.csv}: such a
   * file, beside which there can be none, is read without.
   */
  public static FileSystem systemOf(Path file, Configuration hadoop) throws IOException {
    FileSystem files = file.getFileSystem(hadoop);
    return files instanceof LocalFileSystem local && hasColon(file)
        ? local.getRawFileSystem()
        : files;
  }

  /** Returns whether the last name of a path has a colon. */
  public static boolean hasColon(Path file) {
    return file.getName().indexOf(':') >= 0;
  }

  /** Opens a file at its start. */
  public static FSDataInputStream open(Path file, Configuration hadoop) throws IOException {
    return systemOf(file, hadoop).open(file);
  }
}
