package io.attune.pipeline.stage.train.data;

import io.attune.pipeline.JobDescription;
import io.attune.pipeline.storage.FileHash;
import io.attune.schemas.failure.Failure;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Finds files that have changed since they were published. */
public final class ShardCheck {
  private ShardCheck() {}

  /** Names a file below a folder, and the SHA-256 that it must have. */
  public record Expected(String file, String sha256) {}

  /**
   * Checks all files, in one Spark job.
   *
   * @throws Failure.BadInput naming the first that is missing or differs
   */
  public static void requireUnchanged(SparkSession spark, String folder, List<Expected> files) {
    List<String> paths = files.stream().map(file -> folder + "/" + file.file()).toList();
    List<FileHash> found =
        JobDescription.during(
            spark,
            "train: verify %d files".formatted(files.size()),
            () -> FileHash.of(spark, paths));
    for (int i = 0; i < files.size(); i++) {
      requireSame(folder, files.get(i), found.get(i));
    }
  }

  private static void requireSame(String folder, Expected file, FileHash found) {
    if (found.state() == FileHash.State.MISSING) {
      throw new Failure.BadInput(
          "The dataset '%s' lists '%s', and it is missing; restore it from a copy, or run the shard"
              + " stage again",
          folder, file.file());
    }
    if (!found.sha256().equals(file.sha256())) {
      throw new Failure.BadInput(
          "'%s/%s' is damaged: it was published with SHA-256 %s, found %s; restore the dataset from"
              + " a copy, or run the shard stage again",
          folder,
          file.file(),
          file.sha256(),
          found.state() == FileHash.State.READ
              ? found.sha256()
              : "bytes that fail the file system's own checksum");
    }
  }
}
