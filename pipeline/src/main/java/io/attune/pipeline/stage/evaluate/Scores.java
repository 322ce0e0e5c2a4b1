package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.calibration.Temperature;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.metric.HeadScore;
import io.attune.pipeline.metric.Wilson;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.table.Split;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Turns single predictions into the results of each model, split and head. */
final class Scores {

  /** Identifies a score. */
  record Key(String model, Split split, String head) implements Serializable {}

  private final Map<Key, HeadScore> scores;
  private final Map<String, Map<String, Double>> temperatures;

  private Scores(Map<Key, HeadScore> scores, Map<String, Map<String, Double>> temperatures) {
    this.scores = scores;
    this.temperatures = temperatures;
  }

  /**
   * Reads labelled predictions once.
   *
   * @param temperatures by model and head, of those that have any
   */
  static Scores of(
      Dataset<Row> predictions, LabelSets labels, Map<String, Map<String, Double>> temperatures) {
    return new Scores(
        predictions
            .where(col(Predictions.LABEL).isNotNull())
            .javaRDD()
            .mapPartitions(part -> List.of(fold(part, labels, temperatures)).iterator())
            .fold(new HashMap<>(), Scores::merge),
        temperatures);
  }

  private static Map<Key, HeadScore> fold(
      Iterator<Row> rows, LabelSets labels, Map<String, Map<String, Double>> temperatures) {
    Map<Key, HeadScore> scores = new HashMap<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      Head head = labels.head(row.getAs(Predictions.HEAD)).orElseThrow();
      String label = row.getAs(Predictions.LABEL);
      Split split = Split.of(row.getAs(DatasetRows.SPLIT));
      for (String model : Predictions.MODELS) {
        String chosen = row.getAs(Predictions.chosen(model));
        if (chosen != null) {
          float[] probabilities =
              Predictions.floats(row.getList(row.fieldIndex(Predictions.probabilities(model))));
          Key key = new Key(model, split, head.name());
          HeadScore score = scores.computeIfAbsent(key, k -> HeadScore.none(head.classes().size()));
          Double temperature = temperatures.getOrDefault(model, Map.of()).get(head.name());
          int answer = head.indexOf(chosen);
          scores.put(
              key,
              score.add(
                  head.indexOf(label),
                  answer,
                  probabilities,
                  raw(probabilities, temperature)[answer]));
        }
      }
    }
    return scores;
  }

  /** Returns the probabilities before they were scaled: scaling by the inverse undoes it. */
  private static float[] raw(float[] probabilities, Double temperature) {
    return temperature == null || temperature.isInfinite()
        ? probabilities
        : Temperature.scale(probabilities, 1 / temperature);
  }

  private static Map<Key, HeadScore> merge(Map<Key, HeadScore> one, Map<Key, HeadScore> other) {
    Map<Key, HeadScore> merged = new HashMap<>(one);
    other.forEach((key, score) -> merged.merge(key, score, HeadScore::merge));
    return merged;
  }

  /**
   * Returns the results, heads and models in a fixed order; a split without labelled rows gives
   * none.
   *
   * @param versions by model; absent for baseline and majority
   * @param majorities the most frequent class among the training rows, by head
   */
  List<HeadResult> results(
      LabelSets labels,
      Map<String, String> versions,
      Map<String, Integer> majorities,
      Bootstrap bootstrap) {
    List<HeadResult> results = new ArrayList<>();
    for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
      for (Head head : labels.heads()) {
        for (String model : Predictions.MODELS) {
          Key key = new Key(model, split, head.name());
          HeadScore score = scores.get(key);
          if (score != null) {
            results.add(result(key, head, score, bootstrap).version(versions.get(model)).build());
          }
        }
        HeadScore candidate = scores.get(new Key(Evaluation.CANDIDATE, split, head.name()));
        Integer majority = majorities.get(head.name());
        if (candidate != null && majority != null) {
          results.add(
              withoutProbabilities(
                      new Key(Evaluation.MAJORITY, split, head.name()),
                      head,
                      candidate.confusion().answeringAlways(majority),
                      bootstrap)
                  .build());
        }
      }
    }
    return results;
  }

  private HeadResult.Builder result(Key key, Head head, HeadScore score, Bootstrap bootstrap) {
    Double temperature = temperatures.getOrDefault(key.model(), Map.of()).get(head.name());
    boolean known = temperature != null && !temperature.isInfinite();
    return withoutProbabilities(key, head, score.confusion(), bootstrap)
        .logLoss(score.logLoss().value())
        .brier(score.brier().value())
        .calibrationError(score.calibration().error())
        .rawCalibrationError(known ? score.raw().error() : null)
        .temperature(known ? temperature : null)
        .calibration(score.calibration().bins());
  }

  private static HeadResult.Builder withoutProbabilities(
      Key key, Head head, ConfusionMatrix confusion, Bootstrap bootstrap) {
    List<ClassResult> perClass =
        IntStream.range(0, head.classes().size())
            .mapToObj(
                c ->
                    new ClassResult(
                        head.classes().get(c),
                        confusion.support(c),
                        confusion.precision(c),
                        confusion.recall(c),
                        confusion.f1(c)))
            .toList();
    return HeadResult.builder(key.model(), key.split().word(), key.head(), confusion.rows())
        .accuracy(confusion.accuracy())
        .accuracyInterval(Wilson.interval(confusion.correct(), confusion.rows()))
        .macroF1(confusion.macroF1())
        .macroF1Interval(bootstrap.macroF1(confusion).interval())
        .perClass(perClass)
        .confusion(confusion.toLists());
  }
}
