package io.attune.pipeline.train;

import io.attune.pipeline.failure.Failure;
import io.attune.schemas.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Reads files on executors, to find one that is not what it was when it was published. */
final class ShardCheck {
  private static final String MISSING = "missing";

  /** The file system found by its own checksums that the bytes are not those that were written. */
  private static final String UNREADABLE = "bytes that fail the file system's own checksum";

  private ShardCheck() {}

  /** A file below a folder, and the SHA-256 that it must have. */
  record Expected(String file, String sha256) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /**
   * Checks all files, in one Spark job.
   *
   * @throws Failure.BadInput naming the first that is missing or differs
   */
  static void requireUnchanged(JavaSparkContext spark, String folder, List<Expected> files) {
    spark.setJobDescription("train: verify %d files".formatted(files.size()));
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    try {
      List<String> found = hashes(spark, configuration, folder, files);
      for (int i = 0; i < files.size(); i++) {
        requireSame(folder, files.get(i), found.get(i));
      }
    } finally {
      spark.setJobDescription(null);
      configuration.destroy();
    }
  }

  private static List<String> hashes(
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> configuration,
      String folder,
      List<Expected> files) {
    int tasks = Math.min(files.size(), spark.defaultParallelism());
    return spark
        .parallelize(files, tasks)
        .map(file -> hash(configuration.value().value(), new Path(folder, file.file())))
        .collect();
  }

  private static void requireSame(String folder, Expected file, String found) {
    if (found.equals(MISSING)) {
      throw new Failure.BadInput(
          "The dataset '%s' lists '%s', and it is missing; restore it from a copy, or run the shard"
              + " stage again",
          folder, file.file());
    }
    if (!found.equals(file.sha256())) {
      throw new Failure.BadInput(
          "'%s/%s' is damaged: it was published with SHA-256 %s, found %s; restore the dataset from"
              + " a copy, or run the shard stage again",
          folder, file.file(), file.sha256(), found);
    }
  }

  private static String hash(Configuration configuration, Path file) throws IOException {
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      return Sha256.of(in);
    } catch (FileNotFoundException e) {
      return MISSING;
    } catch (ChecksumException e) {
      return UNREADABLE;
    }
  }
}
