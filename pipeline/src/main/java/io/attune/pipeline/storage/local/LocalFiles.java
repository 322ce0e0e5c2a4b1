package io.attune.pipeline.storage.local;

import java.util.Map;

/**
 * Names the file systems for {@code file:} that set permissions and read links by the JDK.
 *
 * <p>Where Hadoop's native library is missing, which no package on Maven Central has, Hadoop's own
 * runs {@code chmod}, {@code ls} or {@code readlink} for each file that is written, renamed or
 * looked at: thousands of processes a night. Files and their checksums are the same.
 */
public final class LocalFiles {
  /** Holds the settings of a Hadoop configuration. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "fs.file.impl", LocalFileSystemByJdk.class.getName(),
          "fs.AbstractFileSystem.file.impl", LocalFsByJdk.class.getName());

  private LocalFiles() {}
}
