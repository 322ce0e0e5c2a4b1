package io.attune.pipeline.copies;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;

/** Holds what is persisted while copies are looked for, and frees it in the end. */
final class Scratch implements AutoCloseable {
  private final List<JavaRDD<InternalRow>> kept = new ArrayList<>();

  /**
   * Persists rows that are used several times, and returns them without their query plan: Spark
   * analyses the whole plan of every query, persisted or not, and these build on each other. What
   * an executor loses is computed again.
   *
   * <p>Rows are kept as they are in memory. {@link Dataset#persist()} would turn them into
   * compressed columns, which takes longer than most of what is done with them.
   */
  Dataset<Row> keep(Dataset<Row> rows) {
    JavaRDD<InternalRow> persisted =
        rows.queryExecution()
            .toRdd()
            .toJavaRDD()
            .map(InternalRow::copy)
            .persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(persisted);
    return rows.sparkSession().internalCreateDataFrame(persisted.rdd(), rows.schema(), false);
  }

  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
  }
}
