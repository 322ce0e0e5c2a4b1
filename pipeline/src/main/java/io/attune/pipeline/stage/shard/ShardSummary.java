package io.attune.pipeline.stage.shard;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.shard.ShardRows;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Summarises the written shards, counted from the files themselves.
 *
 * @param shards by the plan's number
 * @param labels documents by the plan's number, head index and class index
 * @param longest tokens of the longest row
 */
record ShardSummary(SortedMap<Integer, Content> shards, List<LabelCount> labels, int longest) {

  /** Summarises one shard; of its rows {@code texts} are the first of their document. */
  record Content(long rows, long texts, long tokens, SortedMap<Integer, Long> lengths) {}

  /** Counts the documents of one shard with one label. */
  record LabelCount(int shard, int head, int label, long rows) {}

  /** Computes the upper bound of a row's bin in the histogram in integers: 16, 32, 64, .... */
  private static final String BOUND =
      "greatest(16, shiftleft(1, length(bin(size(" + ShardRows.TOKENS + ") - 1))))";

  /**
   * Reads every shard twice: once for its rows, once for its labels.
   *
   * @param rows the written rows with {@link ShardPlan#SHARD}
   */
  static ShardSummary of(Dataset<Row> rows) {
    return JobDescription.during(
        rows.sparkSession(), "shard: count written rows", () -> count(rows));
  }

  private static ShardSummary count(Dataset<Row> rows) {
    Column isFirst = isFirst(rows);
    SortedMap<Integer, Content> shards = new TreeMap<>();
    int longest = 0;
    for (Row found :
        rows.select(
                col(ShardPlan.SHARD),
                expr("size(" + ShardRows.TOKENS + ")").as("tokens"),
                expr(BOUND).as("bound"),
                when(isFirst, 1L).otherwise(0L).as("texts"))
            .groupBy(ShardPlan.SHARD, "bound")
            .agg(functions.count(lit(1)), sum("tokens"), max("tokens"), sum("texts"))
            .collectAsList()) {
      SortedMap<Integer, Long> lengths = new TreeMap<>(Map.of(found.getInt(1), found.getLong(2)));
      shards.merge(
          found.getInt(0),
          new Content(found.getLong(2), found.getLong(5), found.getLong(3), lengths),
          ShardSummary::together);
      longest = Math.max(longest, found.getInt(4));
    }
    return new ShardSummary(shards, labels(rows), longest);
  }

  /** Tells the first row of each document. */
  private static Column isFirst(Dataset<Row> rows) {
    return List.of(rows.columns()).contains(ShardRows.WINDOW)
        ? col(ShardRows.WINDOW).equalTo(0)
        : lit(true);
  }

  private static List<LabelCount> labels(Dataset<Row> rows) {
    List<LabelCount> labels = new ArrayList<>();
    rows.where(isFirst(rows))
        .selectExpr(ShardPlan.SHARD, "posexplode(" + ShardRows.LABELS + ") AS (head, label)")
        .where("label >= 0")
        .groupBy(ShardPlan.SHARD, "head", "label")
        .count()
        .collectAsList()
        .forEach(
            row ->
                labels.add(
                    new LabelCount(row.getInt(0), row.getInt(1), row.getInt(2), row.getLong(3))));
    return List.copyOf(labels);
  }

  private static Content together(Content one, Content other) {
    SortedMap<Integer, Long> lengths = new TreeMap<>(one.lengths());
    other.lengths().forEach((bound, rows) -> lengths.merge(bound, rows, Long::sum));
    return new Content(
        one.rows() + other.rows(),
        one.texts() + other.texts(),
        one.tokens() + other.tokens(),
        lengths);
  }

  /** Returns the documents by split. */
  Map<String, Long> texts(ShardPlan plan) {
    Map<String, Long> texts = new TreeMap<>();
    shards.forEach(
        (shard, content) -> texts.merge(plan.splitOf(shard).word(), content.texts(), Long::sum));
    return texts;
  }

  /**
   * Returns the documents by split, head and class; every class of every head is named, also with 0
   * documents.
   */
  Map<String, Map<String, Map<String, Long>>> labelCounts(LabelSets sets, ShardPlan plan) {
    Map<String, Map<String, Map<String, Long>>> counts = new TreeMap<>();
    for (Split split : Split.values()) {
      Map<String, Map<String, Long>> heads = new TreeMap<>();
      for (Head head : sets.heads()) {
        Map<String, Long> classes = new LinkedHashMap<>();
        head.classes().forEach(label -> classes.put(label, 0L));
        heads.put(head.name(), classes);
      }
      counts.put(split.word(), heads);
    }
    for (LabelCount found : labels) {
      Head head = sets.heads().get(found.head());
      counts
          .get(plan.splitOf(found.shard()).word())
          .get(head.name())
          .merge(head.classes().get(found.label()), found.rows(), Long::sum);
    }
    return counts;
  }
}
