package io.attune.pipeline.advice;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.report.Advice.Guess;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Holds what the model in use answered to recent documents: one row for each document and head,
 * without texts.
 */
final class RecentAnswers {
  /** Holds the probability of the answer. */
  static final String PROBABILITY = "probability";

  /** Holds {@link AnswerCounts#cell} of it. */
  static final String CELL = "cell";

  /** Adds probabilities up as whole numbers, so that the sum does not depend on their order. */
  private static final double UNITS = 1e9;

  private static final String ANSWER = "answer";
  private static final String RUNNER_UP = "runner_up";
  private static final String SECOND = "second";
  private static final String UNCERTAINTY = "uncertainty";
  private static final StructType ANSWERS =
      new StructType()
          .add(PROBABILITY, DataTypes.DoubleType)
          .add(RUNNER_UP, DataTypes.StringType)
          .add(SECOND, DataTypes.DoubleType)
          .add(CELL, DataTypes.IntegerType);

  private RecentAnswers() {}

  /**
   * Describes a document without a label.
   *
   * @param uncertainty of the head that the model knows least: one less the distance of its two
   *     best answers
   */
  record Candidate(String id, String run, double uncertainty, List<Guess> answers) {}

  /**
   * Joins documents with the answers of a model to their present texts.
   *
   * @param recent rows of {@link RecentDocuments#in}
   * @param scores rows of {@link Scores}
   */
  static Dataset<Row> of(Dataset<Row> recent, Dataset<Row> scores, String model) {
    UDF2<String, scala.collection.Map<String, Float>, Row> two = RecentAnswers::best;
    return scores
        .where(col(Scores.MODEL).equalTo(model))
        .select(
            col(Scores.DOCUMENT_ID).as(Documents.ID),
            col(Scores.TEXT_HASH),
            col(Scores.HEAD),
            col(Scores.LABEL),
            col(Scores.PROBABILITIES))
        .join(recent, ColumnNames.of(Documents.ID, CleanDocuments.TEXT_HASH))
        .select(
            col(Documents.ID),
            col(Documents.RUN),
            col(RecentDocuments.IS_UNLABELLED),
            col(Scores.HEAD),
            col(Scores.LABEL),
            udf(two, ANSWERS).apply(col(Scores.LABEL), col(Scores.PROBABILITIES)).as(ANSWER))
        .select(
            col(Documents.ID),
            col(Documents.RUN),
            col(RecentDocuments.IS_UNLABELLED),
            col(Scores.HEAD),
            col(Scores.LABEL),
            col(ANSWER + ".*"));
  }

  /** Returns the probability of the answer, and the best of the other classes. */
  private static Row best(String label, scala.collection.Map<String, Float> probabilities) {
    Map<String, Float> byClass = new TreeMap<>(JavaConverters.mapAsJavaMap(probabilities));
    double probability = byClass.getOrDefault(label, 0f);
    String runnerUp = "";
    double second = -1;
    for (Map.Entry<String, Float> other : byClass.entrySet()) {
      if (!other.getKey().equals(label) && other.getValue() > second) {
        runnerUp = other.getKey();
        second = other.getValue();
      }
    }
    return RowFactory.create(
        probability, runnerUp, Math.max(0, second), AnswerCounts.cell(probability));
  }

  /**
   * Counts answers by head.
   *
   * @param answers with {@link Scores#HEAD}, an answer, {@link #PROBABILITY} and {@link #CELL}
   */
  static Map<String, AnswerCounts> counts(Dataset<Row> answers, String answer) {
    Map<String, AnswerCounts.Tally> tallies = new TreeMap<>();
    answers
        .groupBy(Scores.HEAD, answer, CELL)
        .agg(count(lit(1)), sum(col(PROBABILITY).multiply(UNITS).cast(DataTypes.LongType)))
        .collectAsList()
        .stream()
        .sorted(
            Comparator.comparing((Row row) -> row.getString(0))
                .thenComparing(row -> row.getString(1))
                .thenComparing(row -> row.getInt(2)))
        .forEach(
            row ->
                tallies
                    .computeIfAbsent(row.getString(0), head -> new AnswerCounts.Tally())
                    .add(row.getString(1), row.getInt(2), row.getLong(3), row.getLong(4) / UNITS));
    Map<String, AnswerCounts> counts = new TreeMap<>();
    tallies.forEach((head, tally) -> counts.put(head, tally.counts()));
    return counts;
  }

  /**
   * Returns the documents without a label that the model is least certain of, the least certain
   * first; of equals those with the smallest hash of id and seed, so that a burst of like texts
   * does not fill the list in the order of its ids.
   *
   * @param answers of {@link #of}
   */
  static List<Candidate> leastCertain(Dataset<Row> answers, int most, long seed) {
    Column uncertainty = lit(1.0).minus(col(PROBABILITY)).plus(col(SECOND));
    return answers
        .where(col(RecentDocuments.IS_UNLABELLED))
        .groupBy(Documents.ID, Documents.RUN)
        .agg(
            max(uncertainty).as(UNCERTAINTY),
            collect_list(
                    struct(
                        col(Scores.HEAD),
                        col(Scores.LABEL),
                        col(PROBABILITY),
                        col(RUNNER_UP),
                        col(SECOND)))
                .as(ANSWER))
        .orderBy(col(UNCERTAINTY).desc(), xxhash64(lit(seed), col(Documents.ID)), col(Documents.ID))
        .limit(most)
        .collectAsList()
        .stream()
        .map(RecentAnswers::candidate)
        .toList();
  }

  private static Candidate candidate(Row row) {
    List<Guess> answers = new ArrayList<>();
    for (Row answer : row.<Row>getList(3)) {
      answers.add(
          new Guess(
              answer.getString(0),
              answer.getString(1),
              answer.getDouble(2),
              answer.getString(3),
              answer.getDouble(4)));
    }
    answers.sort(Comparator.comparing(Guess::head));
    return new Candidate(row.getString(0), row.getString(1), row.getDouble(2), answers);
  }
}
