package io.attune.pipeline.stage.tokenize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Tells the most frequent words by a condition that executors check, so that those that are left
 * out never reach the driver. Equal counts are ordered by a hash, so that the limit does not favour
 * part of the alphabet, then by the word.
 *
 * @param condition holds for the words that are taken
 * @param words that are taken
 * @param leftOut words that are not
 */
record WordLimit(Column condition, long words, long leftOut) {
  /** Sets the bits of a hash by which words of one count are counted: a few words share them. */
  private static final int HASH_BITS = 16;

  /**
   * Finds the condition by counting counts: there are far fewer than words.
   *
   * @param counted distinct words with {@link WordCounts#WORD} and {@link WordCounts#COUNT}
   * @param most words to take
   */
  static WordLimit of(Dataset<Row> counted, long most) {
    List<Row> byCount = numbers(counted, col(WordCounts.COUNT), Comparator.reverseOrder());
    long all = byCount.stream().mapToLong(row -> row.getLong(1)).sum();
    if (all <= most) {
      return new WordLimit(lit(true), all, 0);
    }
    long room = most;
    int place = 0;
    while (byCount.get(place).getLong(1) <= room) {
      room -= byCount.get(place).getLong(1);
      place++;
    }
    long last = byCount.get(place).getLong(0);
    Column more = col(WordCounts.COUNT).gt(last);
    Column ties = col(WordCounts.COUNT).equalTo(last);
    return new WordLimit(
        room == 0 ? more : more.or(ties.and(first(counted.where(ties), room))), most, all - most);
  }

  /** Returns the condition of the first words by hash. */
  private static Column first(Dataset<Row> ties, long words) {
    Column hash = xxhash64(col(WordCounts.WORD));
    Column bucket = shiftright(hash, Long.SIZE - HASH_BITS);
    List<Row> buckets = numbers(ties, bucket, Comparator.naturalOrder());
    long room = words;
    int place = 0;
    while (buckets.get(place).getLong(1) <= room) {
      room -= buckets.get(place).getLong(1);
      place++;
    }
    long cut = buckets.get(place).getLong(0);
    if (room == 0) {
      return bucket.lt(cut);
    }
    List<Row> within =
        ties.where(bucket.equalTo(cut))
            .select(hash.as("hash"), col(WordCounts.WORD))
            .orderBy("hash", WordCounts.WORD)
            .limit((int) room)
            .collectAsList();
    Row last = within.get(within.size() - 1);
    return hash.lt(last.getLong(0))
        .or(hash.equalTo(last.getLong(0)).and(col(WordCounts.WORD).leq(last.getString(1))));
  }

  /** Counts rows by a number. */
  private static List<Row> numbers(Dataset<Row> rows, Column number, Comparator<Long> order) {
    return rows.groupBy(number.as("number")).agg(count(lit(1))).collectAsList().stream()
        .sorted(Comparator.comparing((Row row) -> row.getLong(0), order))
        .toList();
  }
}
