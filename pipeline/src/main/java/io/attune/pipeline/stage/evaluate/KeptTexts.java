package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.pipeline.dataset.DatasetRows;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.KeptAnswers;
import io.attune.schemas.report.KeptAnswers.KeptAnswer;
import io.attune.schemas.report.KeptAnswers.KeptText;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Keeps a handful of test documents with the candidate's answers, drawn by a hash of their ids. */
final class KeptTexts {
  /** Is enough to meet each class of most heads, and answered in a second. */
  private static final int TEXTS = 16;

  /** Leaves out long texts: they would be most of the evaluation's file. */
  private static final int MOST_CHARACTERS = 4_000;

  private static final List<String> MODELS =
      List.of(Evaluation.CANDIDATE, Evaluation.CANDIDATE_LINEAR);

  private KeptTexts() {}

  /**
   * Returns the documents; none where all are long.
   *
   * @param predictions with {@link Predictions#SCHEMA}
   * @param rows where their texts are found
   */
  static KeptAnswers of(Dataset<Row> predictions, Dataset<Row> rows) {
    Map<String, String> texts = new TreeMap<>();
    rows.where(col(DatasetRows.SPLIT).equalTo(Split.TEST.word()))
        .where(length(col(DatasetRows.TEXT)).leq(MOST_CHARACTERS))
        .select(TokenRows.ID, DatasetRows.TEXT)
        .orderBy(xxhash64(col(TokenRows.ID)), col(TokenRows.ID))
        .limit(TEXTS)
        .collectAsList()
        .forEach(row -> texts.put(row.getString(0), row.getString(1)));
    if (texts.isEmpty()) {
      return new KeptAnswers(KeptAnswers.VERSION, List.of());
    }
    Map<String, List<KeptAnswer>> answers = new TreeMap<>();
    predictions
        .where(col(Predictions.ID).isin(texts.keySet().toArray()))
        .select(columns())
        .orderBy(Predictions.ID, Predictions.HEAD)
        .collectAsList()
        .forEach(
            row ->
                answers
                    .computeIfAbsent(row.getString(0), id -> new ArrayList<>())
                    .addAll(answers(row)));
    return new KeptAnswers(
        KeptAnswers.VERSION,
        texts.entrySet().stream()
            .map(
                text ->
                    new KeptText(
                        text.getKey(),
                        text.getValue(),
                        answers.getOrDefault(text.getKey(), List.of())))
            .toList());
  }

  private static Column[] columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(col(Predictions.ID));
    columns.add(col(Predictions.HEAD));
    for (String model : MODELS) {
      columns.add(col(Predictions.chosen(model)));
      columns.add(col(Predictions.probability(model)));
    }
    return columns.toArray(Column[]::new);
  }

  private static List<KeptAnswer> answers(Row row) {
    List<KeptAnswer> answers = new ArrayList<>();
    for (String model : MODELS) {
      String chosen = row.getAs(Predictions.chosen(model));
      if (chosen != null) {
        float probability = row.getAs(Predictions.probability(model));
        answers.add(
            new KeptAnswer(model, row.getAs(Predictions.HEAD), chosen, (double) probability));
      }
    }
    return answers;
  }
}
