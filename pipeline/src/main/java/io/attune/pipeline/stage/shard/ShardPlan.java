package io.attune.pipeline.stage.shard;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Assigns rows to shards, and orders them. Shards are numbered consecutively, split after split.
 *
 * @param shards number of shards by split
 */
record ShardPlan(Map<Split, Integer> shards, long seed) {
  /** Names the column of the number of a row's shard. */
  static final String SHARD = "shard";

  /** Names the column of a row's position in the shuffle. */
  static final String KEY = "shuffle_key";

  // A token id takes about 15 bits when packed; a document id is mostly 36 characters long.
  private static final long BYTES_A_TOKEN = 2;
  private static final long BYTES_A_ROW = 40;

  /** Divides each split into as many shards as reach the target size together. */
  static ShardPlan of(Dataset<Row> rows, ShardConfig config) {
    Dataset<Row> bySplit =
        rows.groupBy(TokenRows.SPLIT).agg(count(lit(1)), sum(size(col(TokenRows.TOKENS))));
    Map<Split, Integer> shards = new EnumMap<>(Split.class);
    for (Row split :
        JobDescription.during(rows.sparkSession(), "shard: plan", bySplit::collectAsList)) {
      long bytes = BYTES_A_ROW * split.getLong(1) + BYTES_A_TOKEN * split.getLong(2);
      long files = (bytes + config.targetBytes() - 1) / config.targetBytes();
      shards.put(Split.of(split.getString(0)), Math.toIntExact(files));
    }
    return new ShardPlan(shards, config.seed());
  }

  int total() {
    return shards.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Returns the split that a shard belongs to. */
  Split splitOf(int shard) {
    int end = 0;
    for (Split split : Split.values()) {
      end += shards.getOrDefault(split, 0);
      if (shard < end) {
        return split;
      }
    }
    throw new IllegalArgumentException("No shard " + shard + " in " + shards);
  }

  /**
   * Adds {@link #SHARD} and {@link #KEY}, which depend on seed, id and the sizes of the splits
   * alone: the upper 53 bits of Spark's xxhash64 of (seed, id), as a number in [0, 1), choose the
   * shard; the hash is the key.
   */
  Dataset<Row> assign(Dataset<Row> rows) {
    Column key = xxhash64(lit(seed), col(TokenRows.ID));
    Column place = shiftrightunsigned(key, 11).divide(0x1p53);
    Column shard = lit(null).cast("int");
    int first = 0;
    for (Split split : Split.values()) {
      int files = shards.getOrDefault(split, 0);
      shard =
          when(
                  col(TokenRows.SPLIT).equalTo(split.word()),
                  floor(place.multiply(files)).plus(first).cast("int"))
              .otherwise(shard);
      first += files;
    }
    return rows.withColumn(KEY, key).withColumn(SHARD, shard);
  }
}
