package io.attune.schemas.report;

import java.util.List;

/**
 * Measures the model in use on the labelled documents of one night before any model has learned
 * from them, and says how worn the test split is: {@code fresh.json}. Models are chosen by the test
 * split night after night, so that the figures of those that were chosen are too high on it; on
 * fresh documents they are not.
 *
 * @param version of this format
 * @param run whose documents they are
 * @param date of the night, ISO 8601
 * @param model version of the model in use; null where none was
 * @param heads for which any of the documents has a label; empty where there are none, or no model
 */
public record FreshEvidence(
    int version, String run, String date, String model, List<FreshHead> heads, TestSplit test) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "fresh.json";

  public FreshEvidence {
    heads = List.copyOf(heads);
  }

  /**
   * Holds the figures of one head.
   *
   * @param rows documents of the night that have a label of it, or a sample of them
   * @param correct rows whose label is the model's answer
   * @param accuracyInterval Wilson's, of 95 %
   * @param macroF1Interval percentile bootstrap over rows, of 95 %
   */
  public record FreshHead(
      String head,
      long rows,
      long correct,
      double accuracy,
      Evaluation.Interval accuracyInterval,
      double macroF1,
      Evaluation.Interval macroF1Interval) {}

  /**
   * Says how long and how often the rows of the test split have been used.
   *
   * @param rows of the split
   * @param since date of the night that brought the oldest of them, ISO 8601
   * @param uses nights, this one included, in which at least half of the rows were there and models
   *     were compared
   */
  public record TestSplit(long rows, String since, long uses) {}
}
