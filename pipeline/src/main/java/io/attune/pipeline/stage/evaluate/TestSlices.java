package io.attune.pipeline.stage.evaluate;

import static io.attune.pipeline.dataset.Slices.SLICE;
import static io.attune.pipeline.dataset.Slices.VALUE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Slices;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.metric.Wilson;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.SliceConfig;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Evaluates slices of the test split, which show where a model is weak although it is good overall.
 */
final class TestSlices {
  /** Stands for all values of a slice beyond its most frequent. */
  static final String OTHER = "other";

  private static final String ROWS = "rows";

  private record Key(String model, String head, String slice, String value) {}

  private TestSlices() {}

  /**
   * Returns the results of candidate and current model on each part, in the order of slice and
   * value.
   *
   * @param predictions with {@link Predictions#SCHEMA}
   */
  static List<SliceResult> of(Dataset<Row> predictions, LabelSets labels, SliceConfig config) {
    Dataset<Row> cut = cut(predictions);
    Map<Key, ConfusionMatrix> parts = new TreeMap<>(TestSlices::compare);
    for (String model : List.of(Evaluation.CANDIDATE, Evaluation.CURRENT)) {
      Dataset<Row> cells =
          bounded(cut, config.maxValues())
              .where(col(model).isNotNull())
              .groupBy(Predictions.HEAD, SLICE, VALUE, Predictions.LABEL, model)
              .agg(count(lit(1)).as(ROWS));
      for (Row row : cells.collectAsList()) {
        Head head = labels.head(row.getString(0)).orElseThrow();
        parts
            .computeIfAbsent(
                new Key(model, head.name(), row.getString(1), row.getString(2)),
                key -> new ConfusionMatrix(head.classes().size()))
            .add(head.indexOf(row.getString(3)), head.indexOf(row.getString(4)), row.getLong(5));
      }
    }
    List<SliceResult> results = new ArrayList<>();
    parts.forEach(
        (key, part) -> {
          if (part.rows() >= config.minRows()) {
            results.add(
                new SliceResult(
                    key.model(),
                    key.head(),
                    key.slice(),
                    key.value(),
                    part.rows(),
                    part.accuracy(),
                    part.macroF1(),
                    Wilson.interval(part.correct(), part.rows())));
          }
        });
    return results;
  }

  /** Returns one row for each labelled test row and slice. */
  private static Dataset<Row> cut(Dataset<Row> predictions) {
    return Slices.cut(
            predictions
                .where(col(DatasetRows.SPLIT).equalTo(Split.TEST.word()))
                .where(col(Predictions.LABEL).isNotNull()))
        .select(
            Predictions.HEAD,
            Predictions.LABEL,
            Evaluation.CANDIDATE,
            Evaluation.CURRENT,
            SLICE,
            VALUE);
  }

  /** Keeps the most frequent values of each slice and replaces the others by {@link #OTHER}. */
  private static Dataset<Row> bounded(Dataset<Row> cut, int most) {
    Dataset<Row> frequent =
        cut.groupBy(SLICE, VALUE)
            .agg(count(lit(1)).as(ROWS))
            .withColumn(
                "rank",
                row_number().over(Window.partitionBy(SLICE).orderBy(col(ROWS).desc(), col(VALUE))))
            .where(col("rank").leq(most))
            .drop(ROWS);
    return cut.join(frequent, new String[] {SLICE, VALUE}, "left")
        .withColumn(VALUE, when(col("rank").isNull(), OTHER).otherwise(col(VALUE)))
        .drop("rank");
  }

  private static int compare(Key one, Key other) {
    return (one.slice() + "\n" + one.value() + "\n" + one.head() + "\n" + one.model())
        .compareTo(
            other.slice() + "\n" + other.value() + "\n" + other.head() + "\n" + other.model());
  }
}
