package io.attune.pipeline.storage;

import java.io.IOException;
import java.util.ServiceConfigurationError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Opens Hadoop file systems of paths that users give. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * Returns the file system of a path.
   *
   * @throws UnsupportedFileSystemException saying what to do, if the class path has none of the
   *     path's scheme, or lacks a part of it
   */
  public static FileSystem of(Path path, Configuration configuration) throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (UnsupportedFileSystemException | LinkageError | ServiceConfigurationError e) {
      throw unsupported(path, e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof ClassNotFoundException) {
        throw unsupported(path, e);
      }
      throw e;
    }
  }

  private static IOException unsupported(Path path, Throwable cause) {
    UnsupportedFileSystemException unsupported =
        new UnsupportedFileSystemException(
            ("the class path has no file system of the scheme '%s' (%s); add its jar and what that"
                    + " needs (hadoop-aws for s3a, hadoop-azure for abfs and wasb), or copy the"
                    + " files to this machine or to HDFS")
                .formatted(path.toUri().getScheme(), Diagnosis.firstLine(cause)));
    unsupported.initCause(cause);
    return unsupported;
  }

  /**
   * Checks that the file system of a path answers, in seconds where Hadoop would try for a quarter
   * of an hour.
   *
   * @throws IOException saying why it does not, or that there is no such path
   */
  public static void requireAnswer(Path path, Configuration configuration) throws IOException {
    var known = of(path, configuration); // else opening it anew would fail without an explanation
    try (FileSystem files =
        FileSystem.newInstance(known.makeQualified(path).toUri(), brief(configuration))) {
      var unused = files.getFileStatus(path);
    }
  }

  /** Returns a configuration with which a file system gives up early. */
  static Configuration brief(Configuration configuration) {
    Configuration brief = new Configuration(configuration);
    brief.setInt("ipc.client.connect.max.retries", 1);
    brief.setInt("ipc.client.connect.max.retries.on.timeouts", 0);
    brief.setInt("ipc.client.connect.timeout", 5_000);
    brief.setInt("ipc.client.rpc-timeout.ms", 10_000);
    brief.setBoolean("dfs.client.retry.policy.enabled", false);
    brief.setInt("dfs.client.retry.max.attempts", 1);
    brief.setInt("dfs.client.failover.max.attempts", 3);
    brief.setInt("dfs.client.failover.sleep.base.millis", 200);
    brief.setInt("dfs.client.failover.sleep.max.millis", 1_000);
    brief.setInt("dfs.client.block.write.locateFollowingBlock.retries", 2);
    brief.setInt("dfs.client.block.write.retries", 1);
    return brief;
  }
}
