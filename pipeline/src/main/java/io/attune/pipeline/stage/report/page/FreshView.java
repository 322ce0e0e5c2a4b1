package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.metric.Wilson;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.FreshEvidence;
import io.attune.schemas.report.FreshEvidence.FreshHead;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows what the models in use reached on new documents, and how worn the test split is.
 *
 * @param wear of the test split, in words; empty where it is not known
 * @param all nights together, by head
 * @param nights the latest first
 */
record FreshView(String wear, List<Row> all, Truncated<Row> nights) {

  /** Holds the figures of one head, in one night or in all. */
  record Row(
      String night,
      String model,
      String head,
      String rows,
      String accuracy,
      String accuracyRange,
      String macroF1,
      String macroF1Range) {}

  /** Shows no more nights than the limits allow. */
  static FreshView of(List<FreshEvidence> nights, PageLimits limits) {
    List<Row> rows = new ArrayList<>();
    for (int i = nights.size() - 1; i >= 0; i--) {
      FreshEvidence night = nights.get(i);
      night.heads().forEach(head -> rows.add(row(night, head)));
    }
    return new FreshView(
        nights.isEmpty() ? "" : wear(nights.get(nights.size() - 1)),
        together(nights),
        Truncated.firstOf(rows, 2 * limits.classes()));
  }

  private static String wear(FreshEvidence night) {
    return "The test split has %s, the oldest since %s; in %s at least half of them were there and models were compared and chosen by them."
        .formatted(
            Figures.of(night.test().rows(), "row"),
            Figures.cut(night.test().since(), 20),
            Figures.of(night.test().uses(), "night"));
  }

  private static Row row(FreshEvidence night, FreshHead head) {
    return new Row(
        Figures.cut(night.run(), 40),
        Figures.cut(night.model(), 60),
        Figures.cut(head.head(), 60),
        Figures.count(head.rows()),
        Figures.percent(head.accuracy()),
        range(head.accuracyInterval()),
        Figures.percent(head.macroF1()),
        range(head.macroF1Interval()));
  }

  /** Adds up the rows of all nights; macro-F1 cannot be added up. */
  private static List<Row> together(List<FreshEvidence> nights) {
    Map<String, long[]> sums = new LinkedHashMap<>();
    for (FreshEvidence night : nights) {
      for (FreshHead head : night.heads()) {
        long[] sum = sums.computeIfAbsent(head.head(), name -> new long[3]);
        sum[0] += head.correct();
        sum[1] += head.rows();
        sum[2]++;
      }
    }
    List<Row> rows = new ArrayList<>();
    sums.forEach(
        (head, sum) -> {
          if (sum[2] > 1) {
            rows.add(
                new Row(
                    "all " + sum[2] + " nights",
                    "",
                    Figures.cut(head, 60),
                    Figures.count(sum[1]),
                    Figures.percent((double) sum[0] / sum[1]),
                    range(Wilson.interval(sum[0], sum[1])),
                    "",
                    ""));
          }
        });
    return rows;
  }

  private static String range(Interval interval) {
    return Figures.percentRange(interval.low(), interval.high());
  }
}
