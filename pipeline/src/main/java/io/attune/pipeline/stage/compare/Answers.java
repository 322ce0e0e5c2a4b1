package io.attune.pipeline.stage.compare;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.metric.PairedOutcomes.Cluster;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts what two models answered to the same labelled test rows, by cluster of near copies. The
 * predictions are read once for each pair that is asked for, as a table of counts.
 */
final class Answers {
  private static final String CLUSTER = "cluster";
  private static final String CONTENT = "content";
  private static final String ROWS = "rows";

  private final Dataset<Row> predictions;
  private final Map<List<String>, Map<String, List<Row>>> pairs = new HashMap<>();

  /**
   * Makes the answers.
   *
   * @param predictions labelled rows of the test split, as {@code evaluate} published them; those
   *     of versions without a column {@code cluster} count as rows without copies
   */
  Answers(Dataset<Row> predictions) {
    this.predictions = predictions;
  }

  /**
   * Returns the outcomes of two models on the rows that both answered.
   *
   * @param one its name in the evaluation
   * @param other likewise; without rows where it did not answer the head
   */
  PairedOutcomes of(Head head, String one, String other) {
    List<Row> rows =
        pairs
            .computeIfAbsent(List.of(one, other), pair -> tabulate(column(one), column(other)))
            .getOrDefault(head.name(), List.of());
    Map<String, Integer> index = new HashMap<>();
    head.classes().forEach(label -> index.put(label, index.size()));
    return PairedOutcomes.ofClusters(
        head.classes().size(),
        rows.stream()
            .map(
                row ->
                    new Cluster(
                        row.<Row>getList(1).stream().map(cell -> cell(cell, index)).toList(),
                        row.getLong(2)))
            .toList());
  }

  private static Cell cell(Row cell, Map<String, Integer> index) {
    return new Cell(
        index.get(cell.getString(0)),
        index.get(cell.getString(1)),
        index.get(cell.getString(2)),
        cell.getLong(3));
  }

  /** Names a head and its classes in their order. */
  record Head(String name, List<String> classes) {
    /** Returns the head that a result is of. */
    static Head of(HeadResult result) {
      return new Head(result.head(), result.perClass().stream().map(ClassResult::label).toList());
    }
  }

  private Map<String, List<Row>> tabulate(String one, String other) {
    List<String> columns = Arrays.asList(predictions.columns());
    if (!columns.contains(one) || !columns.contains(other)) {
      return Map.of();
    }
    Dataset<Row> answers =
        predictions
            .where(col(one).isNotNull().and(col(other).isNotNull()))
            .withColumn("one", col(one))
            .withColumn("other", col(other));
    Dataset<Row> contents = columns.contains(CLUSTER) ? byCluster(answers) : byRow(answers);
    return contents.collectAsList().stream()
        .collect(Collectors.groupingBy(row -> row.getString(0)));
  }

  /** Counts clusters by head and content: how many rows of it have which classes. */
  private static Dataset<Row> byCluster(Dataset<Row> answers) {
    return answers
        .groupBy("head", CLUSTER, "label", "one", "other")
        .agg(count(lit(1)).as(ROWS))
        .groupBy("head", CLUSTER)
        .agg(sort_array(collect_list(cell(col(ROWS)))).as(CONTENT))
        .groupBy("head", CONTENT)
        .agg(count(lit(1)));
  }

  private static Dataset<Row> byRow(Dataset<Row> answers) {
    return answers.groupBy(col("head"), array(cell(lit(1L))).as(CONTENT)).agg(count(lit(1)));
  }

  private static Column cell(Column rows) {
    return struct(col("label"), col("one"), col("other"), rows.as(ROWS));
  }

  /** Returns the column of a model, such as {@link Evaluation#CANDIDATE_LINEAR}. */
  private static String column(String model) {
    return model.replace('-', '_');
  }
}
