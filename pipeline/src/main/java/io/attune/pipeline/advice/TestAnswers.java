package io.attune.pipeline.advice;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.attune.pipeline.calibration.CorrectedAnswers;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Scores;
import io.attune.schemas.table.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Holds what a model answered on its test split, as the night that trained it published it.
 *
 * @param counts by head; empty if the predictions are not there
 * @param results of the model on the test split
 * @param evaluation of that night
 * @param isScaled whether the model answers with the probabilities of the predictions: a linear
 *     part that is in use alone has a scale of its own
 */
record TestAnswers(
    Map<String, AnswerCounts> counts,
    List<HeadResult> results,
    Evaluation evaluation,
    boolean isScaled) {
  /**
   * Reads predictions.
   *
   * @param published the evaluation of the night that trained the model
   * @param version of the model
   * @throws io.attune.schemas.failure.Failure.BadInput if a file is missing or damaged
   */
  static TestAnswers of(SparkSession spark, Artefact published, String version) {
    Evaluation evaluation = published.json(Evaluation.FILE_NAME, Evaluation.class);
    boolean isLinear = Run.isLinear(version);
    String model = isLinear ? Evaluation.CANDIDATE_LINEAR : Evaluation.CANDIDATE;
    List<HeadResult> results = results(evaluation, model);
    List<String> files =
        published.manifest().files().stream()
            .map(FileEntry::path)
            .filter(path -> path.startsWith(Evaluation.PREDICTIONS + "/"))
            .toList();
    Map<String, AnswerCounts> counts = Map.of();
    if (!files.isEmpty()) {
      Dataset<Row> predictions =
          spark
              .read()
              .parquet(published.verify(spark, files).resolve(Evaluation.PREDICTIONS).toString());
      counts = counts(predictions, model.replace('-', '_'));
    }
    return new TestAnswers(counts, results, evaluation, !isLinear);
  }

  private static List<HeadResult> results(Evaluation evaluation, String model) {
    return evaluation.results().stream()
        .filter(result -> result.model().equals(model))
        .filter(result -> result.split().equals(Split.TEST.word()))
        .toList();
  }

  private static Map<String, AnswerCounts> counts(Dataset<Row> predictions, String answer) {
    UDF1<Double, Integer> cell = AnswerCounts::cell;
    Column probability = col(answer + "_probability").cast(DataTypes.DoubleType);
    Column isFirst =
        Arrays.asList(predictions.columns()).contains(CleanDocuments.CLUSTER)
            ? coalesce(col(CleanDocuments.CLUSTER).equalTo(col("id")), lit(true))
            : lit(true);
    return RecentAnswers.counts(
        predictions
            .where(col("split").equalTo(Split.TEST.word()))
            .where(col(answer).isNotNull())
            .where(isFirst)
            .select(
                col(Scores.HEAD),
                col(answer),
                probability.as(RecentAnswers.PROBABILITY),
                udf(cell, DataTypes.IntegerType).apply(probability).as(RecentAnswers.CELL)),
        answer);
  }

  /** Returns whether answers of a head can be compared with those in the table of scores. */
  boolean isComparable(String head) {
    return !CorrectedAnswers.isCorrected(evaluation, head);
  }

  /** Returns the accuracy of the model on the labelled rows of its test split. */
  Optional<Double> accuracy(String head) {
    return results.stream()
        .filter(result -> result.head().equals(head))
        .map(HeadResult::accuracy)
        .findFirst();
  }
}
