package io.attune.pipeline.shard;

import io.attune.schemas.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
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

/** Sizes and hashes of large files, computed where the executors are. */
final class FileHashes {
  /** One file. */
  record FileHash(long bytes, String sha256) {}

  private static final StructType COLUMNS =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("bytes", DataTypes.LongType)
          .add("sha256", DataTypes.StringType);

  private FileHashes() {}

  /** By path, as given. */
  static Map<String, FileHash> of(SparkSession spark, List<String> paths) {
    spark.sparkContext().setJobDescription("shard: hash files");
    Broadcast<SerializableConfiguration> configuration =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    try {
      Map<String, FileHash> hashes = new TreeMap<>();
      spark
          .createDataset(paths, Encoders.STRING())
          .map(
              (MapFunction<String, Row>) path -> hash(path, configuration.value().value()),
              Encoders.row(COLUMNS))
          .collectAsList()
          .forEach(
              row -> hashes.put(row.getString(0), new FileHash(row.getLong(1), row.getString(2))));
      return hashes;
    } finally {
      configuration.destroy();
    }
  }

  private static Row hash(String path, Configuration configuration) throws IOException {
    Path file = new Path(path);
    FileSystem files = file.getFileSystem(configuration);
    try (InputStream in = files.open(file)) {
      return RowFactory.create(path, files.getFileStatus(file).getLen(), Sha256.of(in));
    }
  }
}
