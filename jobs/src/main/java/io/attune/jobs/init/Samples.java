package io.attune.jobs.init;

import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.Sample;
import io.attune.pipeline.input.stream.BinaryFile;
import io.attune.pipeline.stage.ingest.ColumnarSample;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Samples files by the readers that ingest them; starts Spark for the first that needs it. */
final class Samples implements AutoCloseable {
  private static final int RECORDS = 2000;

  private final Configuration hadoop;
  private SparkSession started;

  Samples(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  Configuration hadoop() {
    return hadoop;
  }

  /**
   * Samples one file.
   *
   * @throws Failure.BadInput if it cannot be read, saying what to do
   */
  Sample of(String path) {
    return find(path).requireRecords(path);
  }

  /** Samples one file that may hold no record. */
  Sample find(String path) {
    Optional<BinaryFile> binary;
    try {
      binary = BinaryFile.at(path, hadoop);
    } catch (IOException e) {
      throw new Failure.BadInput(
          e,
          "Cannot read '%s': %s; correct the path, or bring it again, whole",
          path,
          e.getMessage());
    }
    if (binary.equals(Optional.of(BinaryFile.PARQUET))) {
      return ColumnarSample.of(path, Format.PARQUET, spark(), RECORDS);
    } else if (binary.equals(Optional.of(BinaryFile.ORC))) {
      return ColumnarSample.of(path, Format.ORC, spark(), RECORDS);
    }
    return Sample.of(path, hadoop, RECORDS);
  }

  private SparkSession spark() {
    Option<SparkSession> running = SparkSession.getDefaultSession();
    if (running.isDefined() && !running.get().sparkContext().isStopped()) {
      return running.get();
    }
    started = SparkSessions.open("attune-init", Map.of());
    return started;
  }

  /** Stops Spark, if it was started here. */
  @Override
  public void close() {
    if (started != null) {
      started.stop();
    }
  }
}
