package io.attune.pipeline.copies;

import io.attune.pipeline.TestNight;
import io.attune.schemas.Sha256;
import io.attune.schemas.table.Documents;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Builds documents of a night, validated, whose files and lines are in the order of adding. */
final class DocumentRows {
  private static final StructType COLUMNS =
      Documents.SCHEMA.columns().add(Judgement.REASON, "string").add(Judgement.DETAIL, "string");

  private final List<Row> rows = new ArrayList<>();
  private final String run;

  DocumentRows(String run) {
    this.run = run;
  }

  DocumentRows add(String id, String text) {
    return add(id, text, Map.of());
  }

  DocumentRows add(String id, String text, Map<String, ?> fields) {
    Map<String, Object> values = new HashMap<>(fields);
    values.put(Documents.ID, id);
    values.put(Documents.TEXT, text);
    values.put(Documents.RUN, run);
    values.putIfAbsent(Documents.CORPUS, "c");
    values.putIfAbsent(Documents.FILE, "file-" + run);
    values.putIfAbsent(Documents.LINE, (long) rows.size() + 1);
    List<Object> row = new ArrayList<>();
    for (StructField field : COLUMNS.fields()) {
      Object value = values.get(field.name());
      row.add(value instanceof Instant instant ? Timestamp.from(instant) : value);
    }
    rows.add(RowFactory.create(row.toArray()));
    return this;
  }

  /** Adds a document whose corpus gives no ids. */
  DocumentRows addWithoutId(String text, Map<String, ?> fields) {
    return add("c:" + Sha256.of("null\0null\0" + text), text, fields);
  }

  static Map<String, ?> labelled(String sentiment) {
    return Map.of(Documents.LABELS, Map.of("sentiment", sentiment));
  }

  Dataset<Row> table() {
    return Copies.prepared(TestNight.spark().createDataFrame(rows, COLUMNS));
  }

  Dataset<Row> shuffled(long seed, int partitions) {
    List<Row> other = new ArrayList<>(rows);
    Collections.shuffle(other, new Random(seed));
    return Copies.prepared(
        TestNight.spark().createDataFrame(other, COLUMNS).repartition(partitions));
  }
}
