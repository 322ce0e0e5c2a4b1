package io.attune.pipeline.storage;

import io.attune.schemas.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Holds what was found of one file by reading it on an executor.
 *
 * @param bytes its size; 0 unless it is {@link State#READ}
 * @param sha256 of its bytes; empty unless it is {@link State#READ}
 */
public record FileHash(State state, long bytes, String sha256) {
  private static final StructType COLUMNS =
      new StructType()
          .add("state", DataTypes.StringType)
          .add("bytes", DataTypes.LongType)
          .add("sha256", DataTypes.StringType);

  /** States whether a file could be read. */
  public enum State {
    READ,
    MISSING,
    /**
     * Means that the file system found by its own checksums that the bytes are not those that were
     * written.
     */
    DAMAGED
  }

  /**
   * Reads files, in one Spark job.
   *
   * @return one for each path, in their order
   */
  public static List<FileHash> of(SparkSession spark, List<String> paths) {
    Broadcast<SerializableConfiguration> configuration =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    try {
      return spark
          .createDataset(paths, Encoders.STRING())
          .map(
              (MapFunction<String, Row>) path -> read(path, configuration.value().value()),
              Encoders.row(COLUMNS))
          .collectAsList()
          .stream()
          .map(r -> new FileHash(State.valueOf(r.getString(0)), r.getLong(1), r.getString(2)))
          .toList();
    } finally {
      configuration.destroy();
    }
  }

  private static Row read(String path, Configuration configuration) throws IOException {
    Path file = new Path(path);
    FileSystem files = file.getFileSystem(configuration);
    try (InputStream in = files.open(file)) {
      return row(State.READ, files.getFileStatus(file).getLen(), Sha256.of(in));
    } catch (FileNotFoundException e) {
      return row(State.MISSING, 0, "");
    } catch (ChecksumException e) {
      return row(State.DAMAGED, 0, "");
    }
  }

  /**
   * Returns a row, not a record: Spark's Kryo serializer cannot return records from an executor.
   */
  private static Row row(State state, long bytes, String sha256) {
    return RowFactory.create(state.name(), bytes, sha256);
  }
}
