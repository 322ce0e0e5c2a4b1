package io.attune.pipeline.stage.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.schemas.report.Evaluation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts what two models answered to the same labelled test rows. The predictions are read once for
 * each pair that is asked for, as a table of counts.
 */
final class Answers {
  private final Dataset<Row> predictions;
  private final Map<List<String>, Map<String, List<Row>>> pairs = new HashMap<>();

  /**
   * Makes the answers.
   *
   * @param predictions labelled rows of the test split, as {@code evaluate} published them
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
    return PairedOutcomes.of(
        head.classes().size(),
        rows.stream()
            .map(
                row ->
                    new Cell(
                        index.get(row.getString(1)),
                        index.get(row.getString(2)),
                        index.get(row.getString(3)),
                        row.getLong(4)))
            .toList());
  }

  /** Names a head and its classes in their order. */
  record Head(String name, List<String> classes) {}

  private Map<String, List<Row>> tabulate(String one, String other) {
    List<String> columns = Arrays.asList(predictions.columns());
    if (!columns.contains(one) || !columns.contains(other)) {
      return Map.of();
    }
    return predictions
        .where(col(one).isNotNull().and(col(other).isNotNull()))
        .groupBy(col("head"), col("label"), col(one).as("one"), col(other).as("other"))
        .agg(count(lit(1)))
        .collectAsList()
        .stream()
        .collect(Collectors.groupingBy(row -> row.getString(0)));
  }

  /** Returns the column of a model, such as {@link Evaluation#CANDIDATE_LINEAR}. */
  private static String column(String model) {
    return model.replace('-', '_');
  }
}
