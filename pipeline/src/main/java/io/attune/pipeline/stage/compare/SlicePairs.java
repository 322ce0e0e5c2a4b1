package io.attune.pipeline.stage.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Slices;
import io.attune.pipeline.metric.McNemar;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private static final String ROWS = "rows";
  private static final String ONE = "one";
  private static final String OTHER = "other";
  private static final String SQUARE = "square"; // of the surplus of a cluster

  /** Identifies a slice of the rows of a head. */
  record Key(String head, String slice, String value) {}

  /**
   * Returns the counts of the rows that both answered, those with most rows first; none where one
   * of the columns is missing. Near copies in one slice count as a cluster.
   *
   * @param one a model's column, such as {@code candidate_linear}
   * @param unknown labels by head whose rows are not compared
   * @param names of the slices that are asked for: {@code source} or {@code source=reuters}
   */
  Map<Key, McNemar> of(
      String one, String other, Map<String, List<String>> unknown, Set<String> names) {
    List<String> there = Arrays.asList(predictions.columns());
    if (!there.contains(one) || !there.contains(other) || !isSliced(there) || names.isEmpty()) {
      return Map.of();
    }
    Dataset<Row> rows = predictions.where(col(one).isNotNull().and(col(other).isNotNull()));
    for (Map.Entry<String, List<String>> head : unknown.entrySet()) {
      rows =
          rows.where(
              not(
                  col("head")
                      .equalTo(head.getKey())
                      .and(col("label").isInCollection(head.getValue()))));
    }
    Column right = col("label").equalTo(col(one));
    Column otherRight = col("label").equalTo(col(other));
    Dataset<Row> cut =
        Slices.cut(rows)
            .where(isNamed(names))
            .withColumn(ONE, only(right, otherRight))
            .withColumn(OTHER, only(otherRight, right));
    Map<Key, McNemar> pairs = new LinkedHashMap<>();
    (there.contains(DatasetRows.CLUSTER) ? byCluster(cut) : byRow(cut))
        .orderBy(desc(ROWS), col("head"), col(Slices.SLICE), col(Slices.VALUE))
        .limit(MOST_SLICES)
        .collectAsList()
        .forEach(row -> pairs.put(key(row), test(row)));
    return pairs;
  }

  private static Dataset<Row> byCluster(Dataset<Row> cut) {
    Column surplus = col(ONE).minus(col(OTHER));
    return cut.groupBy(col("head"), col(Slices.SLICE), col(Slices.VALUE), col(DatasetRows.CLUSTER))
        .agg(count(lit(1)).as(ROWS), sum(ONE).as(ONE), sum(OTHER).as(OTHER))
        .withColumn(SQUARE, surplus.multiply(surplus))
        .groupBy(col("head"), col(Slices.SLICE), col(Slices.VALUE))
        .agg(sum(ROWS).as(ROWS), sum(ONE), sum(OTHER), sum(SQUARE));
  }

  private static Dataset<Row> byRow(Dataset<Row> cut) {
    return cut.groupBy(col("head"), col(Slices.SLICE), col(Slices.VALUE))
        .agg(count(lit(1)).as(ROWS), sum(ONE), sum(OTHER), sum(col(ONE).plus(col(OTHER))));
  }

  private static Key key(Row row) {
    return new Key(row.getString(0), row.getString(1), row.getString(2));
  }

  /** Tests the counts of a slice; the squares of independent rows add up to the discordant ones. */
  private static McNemar test(Row row) {
    long discordant = row.getLong(4) + row.getLong(5);
    double designEffect = discordant == 0 ? 1 : Math.max(1, (double) row.getLong(6) / discordant);
    return new McNemar(row.getLong(4), row.getLong(5), row.getLong(3), designEffect);
  }

  /** Returns whether a cut row is in a slice that is asked for. */
  private static Column isNamed(Set<String> names) {
    return col(Slices.SLICE)
        .isInCollection(names)
        .or(concat(col(Slices.SLICE), lit("="), col(Slices.VALUE)).isInCollection(names));
  }

  private static Column only(Column one, Column other) {
    return when(one.and(not(other)), 1L).otherwise(0L);
  }

  private static boolean isSliced(List<String> columns) {
    return columns.contains(DatasetRows.EXTRA)
        || Slices.COLUMNS.stream().anyMatch(columns::contains);
  }
}
