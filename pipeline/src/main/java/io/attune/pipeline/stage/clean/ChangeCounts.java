package io.attune.pipeline.stage.clean;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.stage.clean.Changes.Kind;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.TextChanges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Holds what was changed in the documents of a night.
 *
 * @param rows of {@link TextChanges}
 */
record ChangeCounts(List<Row> rows) {
  private static final Comparator<Row> ORDER =
      Comparator.<Row, String>comparing(row -> row.getAs(Documents.CORPUS))
          .thenComparing(row -> row.<String>getAs(TextChanges.CHANGE))
          .thenComparing(row -> -row.<Long>getAs(TextChanges.AMOUNT))
          .thenComparing(
              row -> row.<String>getAs(TextChanges.EXAMPLE),
              Comparator.nullsFirst(Comparator.naturalOrder()));

  ChangeCounts {
    rows = List.copyOf(rows);
  }

  /**
   * Counts in one pass.
   *
   * @param prepared with the columns of {@link Preparation}
   */
  static ChangeCounts of(Dataset<Row> prepared, String run) {
    Column line =
        when(
            col("change.change").equalTo(Kind.BOILERPLATE.word()),
            col("change." + Changes.EXAMPLE));
    Dataset<Row> counted =
        prepared
            .select(
                col(Documents.CORPUS),
                col(Documents.FILE),
                col(Documents.LINE),
                explode(col(Preparation.CHANGES)).as("change"))
            .groupBy(
                col(Documents.CORPUS),
                col("change." + Changes.CHANGE).as(TextChanges.CHANGE),
                line.as("boilerplate"))
            .agg(
                count(lit(1)).as(TextChanges.DOCUMENTS),
                sum("change." + Changes.AMOUNT).as(TextChanges.AMOUNT),
                min_by(
                        col("change." + Changes.EXAMPLE),
                        struct(
                            col("change." + Changes.EXAMPLE).isNull(),
                            col(Documents.FILE),
                            col(Documents.LINE),
                            col("change." + Changes.EXAMPLE)))
                    .as(TextChanges.EXAMPLE))
            .select(
                lit(run).as(TextChanges.RUN),
                col(Documents.CORPUS),
                col(TextChanges.CHANGE),
                col(TextChanges.DOCUMENTS),
                col(TextChanges.AMOUNT),
                col(TextChanges.EXAMPLE));
    return new ChangeCounts(counted.collectAsList().stream().sorted(ORDER).toList());
  }

  /** Returns the changes of all corpora by kind, in the order of {@link Kind}, without zeros. */
  Map<String, Long> byKind() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      long amount =
          rows.stream()
              .filter(row -> row.getAs(TextChanges.CHANGE).equals(kind.word()))
              .mapToLong(row -> row.<Long>getAs(TextChanges.AMOUNT))
              .sum();
      if (amount > 0) {
        all.put(kind.word(), amount);
      }
    }
    return all;
  }

  /** Returns the end of the stage's summary: {@code ; changed: 12 tags, 3 email}; or nothing. */
  String summary() {
    List<String> parts = new ArrayList<>();
    byKind().forEach((kind, amount) -> parts.add("%,d %s".formatted(amount, kind)));
    return parts.isEmpty() ? "" : "; changed: " + String.join(", ", parts);
  }
}
