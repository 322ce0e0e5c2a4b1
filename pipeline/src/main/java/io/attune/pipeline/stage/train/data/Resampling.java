package io.attune.pipeline.stage.train.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.TrainingRecord.ResamplingRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Plans how many rows of each class an epoch takes from each shard of the train split, so that the
 * classes of a head are there as often as is wanted, in about as many rows as the split has. Every
 * epoch takes as many; which rows are left out or repeated depends on its seed. A row without a
 * label is always taken once.
 *
 * @param head number of the head
 * @param draws rows by path of the shard and class, those without a label last; empty if each row
 *     is taken once
 * @param record what is done, for people; null if each row is taken once
 */
public record Resampling(int head, Map<String, int[]> draws, ResamplingRecord record)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Takes each row once. */
  public static final Resampling NONE = new Resampling(0, Map.of(), null);

  /**
   * Locates a dataset.
   *
   * @param folder absolute path
   */
  public record Rows(String folder, ShardIndex index) {}

  /** Plans the epochs of a training by counting the classes of each shard, in one pass. */
  public static Resampling of(
      SparkSession spark, Rows dataset, List<Head> heads, ResamplingChoice choice) {
    if (choice.by() == Resample.NONE) {
      return NONE;
    }
    int number = choice.numberOf(heads);
    Head head = heads.get(number);
    double[] factors = factors(dataset.index(), head, choice.by());
    Map<String, long[]> rows = rows(spark, dataset, number, head.classes().size());
    Map<String, int[]> draws = new HashMap<>();
    long[] before = new long[factors.length];
    long total = 0;
    for (ShardIndex.Shard shard : dataset.index().of(Split.TRAIN)) {
      long[] found = rows.getOrDefault(new Path(shard.file()).getName(), new long[factors.length]);
      int[] drawn = new int[factors.length];
      for (int c = 0; c < factors.length; c++) {
        // Round the sum over the shards, so that small shards do not add up to an error.
        long first = Math.round(factors[c] * before[c]);
        before[c] += found[c];
        drawn[c] = Math.toIntExact(Math.round(factors[c] * before[c]) - first);
      }
      draws.put(dataset.folder() + "/" + shard.file(), drawn);
      total += Arrays.stream(drawn).sum();
    }
    Map<String, Double> byClass = new HashMap<>();
    for (int c = 0; c < head.classes().size(); c++) {
      byClass.put(head.classes().get(c), factors[c]);
    }
    return new Resampling(
        number, draws, new ResamplingRecord(head.name(), choice.word(), byClass, total));
  }

  /** Returns how often a row of each class is taken, on average; 1 for rows without a label. */
  private static double[] factors(ShardIndex index, Head head, Resample by) {
    Map<String, Long> counts =
        index
            .labelCounts()
            .getOrDefault(Split.TRAIN.word(), Map.of())
            .getOrDefault(head.name(), Map.of());
    double labelled = counts.values().stream().mapToLong(Long::longValue).sum();
    double shares = counts.values().stream().mapToDouble(by::share).sum();
    double[] factors = new double[head.classes().size() + 1];
    for (int c = 0; c < head.classes().size(); c++) {
      long rows = counts.getOrDefault(head.classes().get(c), 0L);
      factors[c] = rows == 0 ? 0 : labelled * by.share(rows) / shares / rows;
    }
    factors[head.classes().size()] = 1;
    return factors;
  }

  /** Counts rows by name of the shard and class, those without a label last. */
  private static Map<String, long[]> rows(SparkSession spark, Rows dataset, int head, int classes) {
    String[] files =
        dataset.index().of(Split.TRAIN).stream()
            .map(shard -> dataset.folder() + "/" + shard.file())
            .toArray(String[]::new);
    List<Row> counted =
        JobDescription.during(
            spark,
            "train: count classes by shard",
            () ->
                spark
                    .read()
                    .parquet(files)
                    .select(
                        col("_metadata.file_name").as("file"),
                        element_at(col(TokenRows.LABELS), head + 1).as("label"))
                    .groupBy("file", "label")
                    .agg(count(lit(1)))
                    .collectAsList());
    Map<String, long[]> rows = new HashMap<>();
    for (Row row : counted) {
      int label = row.getInt(1);
      rows.computeIfAbsent(row.getString(0), absent -> new long[classes + 1])[
              label < 0 ? classes : label] +=
          row.getLong(2);
    }
    return rows;
  }

  /** Returns whether each row is taken once. */
  public boolean isNone() {
    return draws.isEmpty();
  }

  /**
   * Returns the rows that an epoch takes from a shard.
   *
   * @param file absolute path of the shard
   * @param rows of the shard
   */
  public int rows(String file, int rows) {
    return isNone() ? rows : Arrays.stream(draws.get(file)).sum();
  }

  /** Returns the numbers of the rows that an epoch takes from a shard, in its order. */
  int[] order(String file, DecodedShard shard, long seed) {
    int[] drawn = draws.get(file);
    return drawn == null ? shard.ordered(seed) : shard.drawn(head, drawn, seed);
  }
}
