package io.attune.pipeline.stage.score;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.schemas.table.Documents;
import java.sql.Date;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Chooses the documents that are read where there is no time for all: whole days, the newest first,
 * and of the last of these days about as many as are left, whichever they are. The documents of a
 * smaller number are among those of a larger one.
 *
 * @param byDay numbers of documents, the newest day first
 */
record NewestFirst(NavigableMap<Date, Long> byDay) {
  /** Is the number of parts into which the documents of a day can be divided. */
  private static final long PARTS = 1L << 20;

  /** Counts keys with the column {@link Unread#DAY}. */
  static NewestFirst of(Dataset<Row> keys) {
    NavigableMap<Date, Long> byDay = new TreeMap<>(Collections.reverseOrder());
    keys.groupBy(Unread.DAY)
        .count()
        .collectAsList()
        .forEach(row -> byDay.put(row.getDate(0), row.getLong(1)));
    return new NewestFirst(byDay);
  }

  long total() {
    return byDay.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns whether a document is among the first so many. */
  Column isAmong(long documents) {
    long left = documents;
    for (Map.Entry<Date, Long> day : byDay.entrySet()) {
      if (left < day.getValue()) {
        Column part = pmod(xxhash64(col(Documents.ID)), lit(PARTS));
        Column isLast = col(Unread.DAY).equalTo(lit(day.getKey()));
        return col(Unread.DAY)
            .gt(lit(day.getKey()))
            .or(isLast.and(part.lt(lit(PARTS * left / day.getValue()))));
      }
      left -= day.getValue();
    }
    return lit(true);
  }
}
