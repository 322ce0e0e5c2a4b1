package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.attune.pipeline.dataset.DatasetRows;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Learned;
import io.attune.schemas.report.Evaluation.Uncopied;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts the test rows that models have learned from, and how often each is right where no copy was
 * in training.
 */
final class LearnedCounts {
  private final LearnedRows learned;
  private final Map<String, String> versions;
  private final Map<String, Row> heads = new TreeMap<>();

  private LearnedCounts(LearnedRows learned, Map<String, String> versions) {
    this.learned = learned;
    this.versions = new TreeMap<>(versions);
  }

  /**
   * Counts once over the predictions.
   *
   * @param versions by model
   */
  static LearnedCounts of(
      Dataset<Row> predictions, LearnedRows learned, Map<String, String> versions) {
    LearnedCounts counts = new LearnedCounts(learned, versions);
    List<Column> sums = new ArrayList<>();
    for (String model : counts.versions.keySet()) {
      sums.add(count_if(LearnedRows.isLearnedBy(model)).as(LearnedRows.LEARNED_BY + model));
    }
    for (String model : Predictions.MODELS) {
      Column chosen = col(Predictions.chosen(model));
      Column counted = chosen.isNotNull().and(not(LearnedRows.isCopied()));
      sums.add(count_if(counted).as("rows" + model));
      sums.add(count_if(counted.and(chosen.equalTo(col(Predictions.LABEL)))).as("right" + model));
    }
    predictions
        .where(col(DatasetRows.SPLIT).equalTo(Split.TEST.word()))
        .where(col(Predictions.LABEL).isNotNull())
        .groupBy(col(Predictions.HEAD))
        .agg(count_if(lit(true)).as("all"), sums.toArray(new Column[0]))
        .collectAsList()
        .forEach(row -> counts.heads.put(row.getString(0), row));
    return counts;
  }

  /** Adds what is left out to an evaluation, and the accuracy on rows without copies. */
  Evaluation complete(Evaluation evaluation) {
    return evaluation.withLearned(
        evaluation.results().stream().map(this::complete).toList(), learned());
  }

  /** Returns what is left out, by model and head; nothing of models that have learned no row. */
  private List<Learned> learned() {
    List<Learned> all = new ArrayList<>();
    versions.forEach(
        (model, version) ->
            heads.forEach(
                (head, counts) -> {
                  long rows = counts.getAs(LearnedRows.LEARNED_BY + model);
                  boolean isKnown = learned.knows(model);
                  if (!model.equals(Evaluation.CANDIDATE) && (!isKnown || rows > 0)) {
                    all.add(new Learned(model, version, head, isKnown ? rows : null));
                  }
                }));
    return all;
  }

  /** Adds the accuracy on rows without copies to a result on the test split. */
  private HeadResult complete(HeadResult result) {
    Row counts = heads.get(result.head());
    if (!learned.knows(Evaluation.CANDIDATE)
        || counts == null
        || !result.split().equals(Split.TEST.word())
        || !Predictions.MODELS.contains(result.model())) {
      return result;
    }
    long rows = counts.getAs("rows" + result.model());
    long right = counts.getAs("right" + result.model());
    return result.toBuilder()
        .uncopied(new Uncopied(rows, rows == 0 ? 0 : (double) right / rows))
        .build();
  }
}
