package io.attune.pipeline;

import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;

/** Builds tables of clean documents in tests: a test gives only the columns that it needs. */
public final class CleanRows {
  private final List<Row> rows = new ArrayList<>();

  /** Adds a document; {@code fields} are column names and values, {@code labels} is a Java map. */
  public CleanRows add(String id, Map<String, ?> fields) {
    Map<String, Object> values = new HashMap<>(fields);
    values.put(Documents.ID, id);
    values.putIfAbsent(Documents.TEXT, "text of " + id);
    values.putIfAbsent(Documents.CORPUS, "corpus");
    values.putIfAbsent(Documents.RUN, TestNight.RUN.id());
    values.putIfAbsent(CleanDocuments.TEXT_HASH, "hash of " + id);
    List<Object> row = new ArrayList<>();
    for (StructField field : CleanDocuments.SCHEMA.columns().fields()) {
      row.add(forSpark(values.get(field.name())));
    }
    rows.add(RowFactory.create(row.toArray()));
    return this;
  }

  private static Object forSpark(Object value) {
    return value instanceof Instant instant ? Timestamp.from(instant) : value;
  }

  public Dataset<Row> table() {
    return TestNight.spark().createDataFrame(rows, CleanDocuments.SCHEMA.columns());
  }

  /** Returns the same documents, last first, in another number of partitions. */
  public Dataset<Row> reversed(int partitions) {
    List<Row> reversed = new ArrayList<>(rows);
    Collections.reverse(reversed);
    return TestNight.spark()
        .createDataFrame(reversed, CleanDocuments.SCHEMA.columns())
        .repartition(partitions);
  }
}
