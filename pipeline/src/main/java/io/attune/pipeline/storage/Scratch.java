package io.attune.pipeline.storage;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
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
   * Rows that an executor loses are computed again.
   *
   * <p>Rows are kept as {@link RowBlocks}. {@link Dataset#persist()} would turn them into
   * compressed columns, which takes longer than most of what is done with them.
   */
  public Dataset<Row> keep(Dataset<Row> rows) {
    return keep(rows, StorageLevel.MEMORY_AND_DISK());
  }

  /** Does the same on disk alone, for rows of which each task sees many. */
  public Dataset<Row> keepOnDisk(Dataset<Row> rows) {
    return keep(rows, StorageLevel.DISK_ONLY());
  }

  private Dataset<Row> keep(Dataset<Row> rows, StorageLevel level) {
    StructType schema = rows.schema();
    int columns = schema.size();
    JavaRDD<byte[]> persisted =
        rows.queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(part -> RowBlocks.pack(part, schema))
            .persist(level);
    kept.add(persisted);
    JavaRDD<InternalRow> again =
        persisted.mapPartitions(blocks -> RowBlocks.unpack(blocks, columns));
    return rows.sparkSession().internalCreateDataFrame(again.rdd(), schema, false);
  }

  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
  }
}
