package io.attune.pipeline.stage.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Slices;
import io.attune.pipeline.metric.McNemar;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts, on each slice of the test split, how often only one of two models is right.
 *
 * @param predictions labelled rows of the test split, as {@code evaluate} published them
 */
record SlicePairs(Dataset<Row> predictions) {
  /** Bounds the slices that are counted, those with most rows first. */
  private static final int MOST_SLICES = 10_000;

  /** Identifies a slice of the rows of a head. */
  record Key(String head, String slice, String value) {}

  /**
   * Returns the counts of the rows that both answered, those with most rows first; none where one
   * of the columns is missing.
   *
   * @param one a model's column, such as {@code candidate_linear}
   */
  Map<Key, McNemar> of(String one, String other) {
    List<String> there = Arrays.asList(predictions.columns());
    if (!there.contains(one) || !there.contains(other) || !isSliced(there)) {
      return Map.of();
    }
    Column right = col("label").equalTo(col(one));
    Column otherRight = col("label").equalTo(col(other));
    Map<Key, McNemar> pairs = new LinkedHashMap<>();
    Slices.cut(predictions.where(col(one).isNotNull().and(col(other).isNotNull())))
        .groupBy(col("head"), col(Slices.SLICE), col(Slices.VALUE))
        .agg(
            count(lit(1)).as("rows"),
            only(right, otherRight).as("one"),
            only(otherRight, right).as("other"))
        .orderBy(desc("rows"), col("head"), col(Slices.SLICE), col(Slices.VALUE))
        .limit(MOST_SLICES)
        .collectAsList()
        .forEach(
            row ->
                pairs.put(
                    new Key(row.getString(0), row.getString(1), row.getString(2)),
                    new McNemar(row.getLong(4), row.getLong(5), row.getLong(3))));
    return pairs;
  }

  private static Column only(Column one, Column other) {
    return sum(when(one.and(other.unary_$bang()), 1L).otherwise(0L));
  }

  private static boolean isSliced(List<String> columns) {
    return columns.contains(DatasetRows.EXTRA)
        || Slices.COLUMNS.stream().anyMatch(columns::contains);
  }
}
