package io.attune.pipeline.copies;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Holds what is persisted while copies are looked for, and frees it in the end. */
final class Scratch implements AutoCloseable {
  private final List<Dataset<Row>> kept = new ArrayList<>();

  /**
   * Persists rows that are used several times, and returns them without their query plan: Spark
   * analyses the whole plan of every query, persisted or not, and these build on each other. What
   * an executor loses is computed again.
   */
  Dataset<Row> keep(Dataset<Row> rows) {
    Dataset<Row> persisted = rows.persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(persisted);
    // As createDataFrame does with an RDD of rows, but without making rows of them and back.
    return rows.sparkSession()
        .internalCreateDataFrame(persisted.queryExecution().toRdd(), persisted.schema(), false);
  }

  @Override
  public void close() {
    kept.forEach(Dataset::unpersist);
  }
}
