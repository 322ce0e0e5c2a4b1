package io.attune.pipeline.stage.evaluate;

import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.Vector;

/**
 * Warns where the linear baseline makes no error: then words alone tell the classes, mostly because
 * the label stands in the text, and a model that learns them is of no use on texts without them.
 */
final class PerfectBaseline {
  /** Rows from which on no error is hardly chance. */
  private static final long LEAST_ROWS = 50;

  private static final double NEARLY = 0.999;
  private static final long NEARLY_ROWS = 200;
  private static final int WORDS_PER_CLASS = 3;
  private static final int CLASSES = 5;

  private PerfectBaseline() {}

  /** Returns the heads on whose test rows the baseline makes no error, or nearly none. */
  static List<HeadResult> among(List<HeadResult> results) {
    return results.stream()
        .filter(result -> result.model().equals(Evaluation.BASELINE))
        .filter(result -> result.split().equals(Split.TEST.word()))
        .filter(result -> result.perClass().stream().filter(c -> c.support() > 0).count() > 1)
        .filter(
            result ->
                (result.accuracy() == 1 && result.rows() >= LEAST_ROWS)
                    || (result.accuracy() >= NEARLY && result.rows() >= NEARLY_ROWS))
        .toList();
  }

  /**
   * Says so, with the words and pairs of words that decide.
   *
   * @param texts some of those that the baseline answered
   */
  static String warning(
      HeadResult result, LinearBaseline baseline, LabelSets labels, List<String> texts) {
    int index = labels.heads().stream().map(Head::name).toList().indexOf(result.head());
    String words = String.join("; ", deciding(baseline, index, labels.heads().get(index), texts));
    return "the linear baseline answers %,d of %,d test rows of '%s' right: words alone tell its classes"
            .formatted(Math.round(result.accuracy() * result.rows()), result.rows(), result.head())
        + (words.isEmpty() ? "" : " (" + words + ")")
        + "; if the label stands in the texts, remove it there: a model learns these words and nothing"
        + " else";
  }

  /** Returns for each class the n-grams that speak most for it, over all texts together. */
  private static List<String> deciding(
      LinearBaseline baseline, int index, Head head, List<String> texts) {
    int[] classes = baseline.classes(index);
    if (classes.length < 2) {
      return List.of();
    }
    float[][] weights = baseline.weights(index);
    List<Map<String, Double>> sums = new ArrayList<>();
    for (int i = 0; i < classes.length; i++) {
      sums.add(new HashMap<>());
    }
    for (String text : texts) {
      Vector values = baseline.features().of(text);
      for (String ngram : new HashSet<>(Ngrams.of(text))) {
        int feature = baseline.features().feature(ngram);
        if (feature >= 0) {
          int best = 0;
          for (int i = 1; i < classes.length; i++) {
            best = weight(weights, i, feature) > weight(weights, best, feature) ? i : best;
          }
          double speaks = weight(weights, best, feature) * values.apply(feature);
          sums.get(best).merge(ngram, speaks, Double::sum);
        }
      }
    }
    List<String> said = new ArrayList<>();
    for (int i = 0; i < Math.min(CLASSES, classes.length); i++) {
      String most =
          sums.get(i).entrySet().stream()
              .sorted(
                  Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                      .thenComparing(Map.Entry.comparingByKey()))
              .limit(WORDS_PER_CLASS)
              .map(entry -> "'" + entry.getKey() + "'")
              .collect(Collectors.joining(", "));
      if (!most.isEmpty()) {
        said.add("%s: %s".formatted(head.classes().get(classes[i]), most));
      }
    }
    return said;
  }

  /** Returns a weight for a class; with two classes only the second has some. */
  private static double weight(float[][] weights, int position, int feature) {
    return weights.length > 1
        ? weights[position][feature]
        : position == 1 ? weights[0][feature] : -weights[0][feature];
  }
}
