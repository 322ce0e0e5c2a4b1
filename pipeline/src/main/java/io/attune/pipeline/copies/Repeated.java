package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.pipeline.storage.Scratch;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Holds rows apart from those that share a value with another, which are the few that have to be
 * brought together to be compared.
 *
 * @param alone rows whose value no other has, or that have none
 * @param several the others, and by chance of a hash a row whose value no other has; empty if there
 *     are none
 */
record Repeated(Dataset<Row> alone, Optional<Dataset<Row>> several) {
  private static final String HASH = "hash_of_value";
  private static final String NUMBER = "rows_of_hash";

  /** Sets up to how many rows of one column of numbers are sent to every executor: about 10 MB. */
  private static final long MAX_BROADCAST = 1_000_000;

  /** Parts rows by a value; rows where it is null have none. */
  static Repeated by(Column value, Dataset<Row> rows, Scratch scratch) {
    Dataset<Row> hashed = rows.withColumn(HASH, when(value.isNotNull(), xxhash64(value)));
    Dataset<Row> shared =
        scratch.keep(
            hashed
                .where(col(HASH).isNotNull())
                .groupBy(HASH)
                .agg(count(lit(1)).as(NUMBER))
                .where(col(NUMBER).gt(1))
                .select(HASH));
    long number = shared.count();
    if (number == 0) {
      return new Repeated(rows, Optional.empty());
    }
    Dataset<Row> sent = sent(shared, number);
    return new Repeated(
        hashed.join(sent, Columns.named(HASH), "left_anti").drop(HASH),
        Optional.of(hashed.join(sent, Columns.named(HASH), "left_semi").drop(HASH)));
  }

  /**
   * Returns rows to join with, sent to every executor if they are few.
   *
   * @param rows of one column of numbers
   * @param number of rows
   */
  static Dataset<Row> sent(Dataset<Row> rows, long number) {
    return number <= MAX_BROADCAST ? broadcast(rows) : rows;
  }
}
