package io.attune.pipeline.storage;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Holds rows that are persisted while a stage uses them several times, and frees them in the end.
 */
public final class Scratch implements AutoCloseable {
  private final List<JavaRDD<byte[]>> kept = new ArrayList<>();

  /**
   * Persists rows in memory, what does not fit on disk, and returns them without their query plan:
   * Spark analyses the whole plan of every query, persisted or not, and these build on each other.
   * Rows that an executor loses are computed again. Queries read the columns that they need.
   *
   * <p>Rows are kept as {@link RowBlocks}. {@link Dataset#persist()} would turn them into
   * compressed columns, which takes longer than most of what is done with them.
   */
  public Dataset<Row> keep(Dataset<Row> rows) {
    return keep(rows, null, StorageLevel.MEMORY_AND_DISK());
  }

  /** Does the same on disk alone, for rows of which each task sees many. */
  public Dataset<Row> keepOnDisk(Dataset<Row> rows) {
    return keep(rows, null, StorageLevel.DISK_ONLY());
  }

  /**
   * Does the same on disk, and adds the place of each row: a number that says in which partition
   * the row lies, and which of its rows it is. It costs nothing where it is not asked for.
   */
  public Dataset<Row> keepInPlaces(Dataset<Row> rows, String place) {
    return keep(rows, place, StorageLevel.DISK_ONLY());
  }

  private Dataset<Row> keep(Dataset<Row> rows, String place, StorageLevel level) {
    StructType schema = rows.schema();
    SparkSession spark = rows.sparkSession();
    JavaRDD<byte[]> blocks =
        rows.queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(part -> RowBlocks.pack(part, schema))
            .persist(level);
    kept.add(blocks);
    return spark.baseRelationToDataFrame(new KeptRows(spark, blocks, schema, place));
  }

  /** Returns the partition that the row at a place of {@link #keepInPlaces} lies in. */
  public static int partitionOf(long place) {
    return KeptRows.partitionOf(place);
  }

  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
  }
}
