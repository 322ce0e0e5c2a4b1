package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.asc;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.pipeline.dataset.DatasetRows;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.Example;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Chooses test documents worth reading, with the words that the candidate attended to. */
final class Examples {
  static final String WORST_ERROR = "worst-error";
  static final String LEAST_CERTAIN = "least-certain";
  static final String TYPICAL = "typical";

  /** Limits the UTF-16 units of a text that are shown. */
  private static final int SHOWN = 600;

  private Examples() {}

  /**
   * Returns the most confident wrong answers, the least confident ones, and right ones drawn by the
   * hash of their id.
   *
   * @param predictions with {@link Predictions#SCHEMA}
   * @param rows where their texts are found
   * @param most of each kind and head
   */
  static List<Example> of(
      Dataset<Row> predictions, Dataset<Row> rows, Broadcast<EvaluatedModels> models, int most) {
    List<Example> bare = choose(predictions, models.value().labels(), most);
    List<String> ids = bare.stream().map(Example::id).distinct().toList();
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<String, String> texts =
        rows
            .where(col(TokenRows.ID).isin(ids.toArray()))
            .select(TokenRows.ID, DatasetRows.TEXT)
            .collectAsList()
            .stream()
            .collect(Collectors.toMap(row -> row.getString(0), row -> row.getString(1)));
    Map<String, List<AttendedSpan>> attention = attention(rows.sparkSession(), texts, models);
    return bare.stream()
        .map(example -> complete(example, texts.get(example.id()), attention.get(example.id())))
        .toList();
  }

  private static List<Example> choose(Dataset<Row> predictions, LabelSets labels, int most) {
    Dataset<Row> test = predictions.where(col(DatasetRows.SPLIT).equalTo(Split.TEST.word()));
    Column chosen = col(Evaluation.CANDIDATE);
    Column label = col(Predictions.LABEL);
    String probability = Predictions.probability(Evaluation.CANDIDATE);
    List<Example> examples = new ArrayList<>();
    for (Head head : labels.heads()) {
      Dataset<Row> answers = test.where(col(Predictions.HEAD).equalTo(head.name()));
      examples.addAll(
          first(WORST_ERROR, answers.where(label.notEqual(chosen)), desc(probability), most));
      examples.addAll(first(LEAST_CERTAIN, answers, asc(probability), most));
      examples.addAll(
          first(
              TYPICAL,
              answers.where(label.equalTo(chosen)),
              xxhash64(col(Predictions.ID)).asc(),
              most));
    }
    return examples;
  }

  private static List<Example> first(String kind, Dataset<Row> answers, Column order, int most) {
    return answers
        .orderBy(order, col(Predictions.ID))
        .limit(most)
        .select(
            Predictions.ID,
            Predictions.HEAD,
            Predictions.LABEL,
            Evaluation.CANDIDATE,
            Predictions.probability(Evaluation.CANDIDATE))
        .collectAsList()
        .stream()
        .map(
            row ->
                new Example(
                    kind,
                    row.getString(0),
                    row.getString(1),
                    "",
                    row.getString(2),
                    row.getString(3),
                    row.getFloat(4),
                    List.of()))
        .toList();
  }

  /**
   * Asks for attention on an executor, because only executors are certain to have the libraries of
   * a network.
   */
  private static Map<String, List<AttendedSpan>> attention(
      SparkSession spark, Map<String, String> texts, Broadcast<EvaluatedModels> models) {
    List<String> ids = texts.keySet().stream().sorted().toList();
    List<String> ordered = ids.stream().map(texts::get).toList();
    List<List<AttendedSpan>> spans =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(new ArrayList<>(ordered), 1)
            .mapPartitions(part -> attend(part, models.value()))
            .collect();
    Map<String, List<AttendedSpan>> byId = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      byId.put(ids.get(i), spans.get(i));
    }
    return byId;
  }

  private static Iterator<List<AttendedSpan>> attend(
      Iterator<String> texts, EvaluatedModels models) {
    TextModel candidate = models.byName().get(Evaluation.CANDIDATE);
    List<String> all = new ArrayList<>();
    texts.forEachRemaining(all::add);
    List<List<AttendedSpan>> spans = new ArrayList<>();
    for (int from = 0; from < all.size(); from += models.batchRows()) {
      int to = Math.min(from + models.batchRows(), all.size());
      spans.addAll(candidate.attention(all.subList(from, to)));
    }
    return spans.iterator();
  }

  static Example complete(Example example, String text, List<AttendedSpan> attention) {
    String shown = cut(text);
    return example.withText(
        shown, attention.stream().filter(span -> span.end() <= shown.length()).toList());
  }

  /** Cuts a text, never between the two halves of one character. */
  static String cut(String text) {
    if (text.length() <= SHOWN) {
      return text;
    }
    boolean splits =
        Character.isHighSurrogate(text.charAt(SHOWN - 1))
            && Character.isLowSurrogate(text.charAt(SHOWN));
    return text.substring(0, splits ? SHOWN - 1 : SHOWN);
  }
}
