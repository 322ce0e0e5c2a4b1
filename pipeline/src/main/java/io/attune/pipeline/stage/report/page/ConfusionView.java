package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shows the confusion matrix of the candidate: the most frequent classes, the others as one.
 *
 * @param labels of rows and columns, in the same order
 */
record ConfusionView(List<String> labels, List<Line> lines) {
  /** Bounds the shades of a cell, which start at 0 for no rows. */
  private static final int DARKEST = 8;

  private static final String OTHERS = "all others";

  /** Holds the rows of one actual class. */
  record Line(String label, List<Cell> cells) {}

  /**
   * Holds those of them with one predicted class.
   *
   * @param tip in words, with the fraction of the line
   */
  record Cell(String rows, String css, String tip) {}

  /** Returns the confusion matrix of a result; empty if it has none. */
  static ConfusionView of(HeadResult result, int limit) {
    int classes = result.perClass().size();
    boolean square =
        result.confusion().size() == classes
            && result.confusion().stream().allMatch(row -> row.size() == classes);
    if (!square || classes == 0) {
      return new ConfusionView(List.of(), List.of());
    }
    List<int[]> groups = groups(result, limit);
    List<String> labels = new ArrayList<>();
    for (int[] group : groups) {
      labels.add(
          group.length == 1 ? Figures.cut(result.perClass().get(group[0]).label(), 40) : OTHERS);
    }
    List<Line> lines = new ArrayList<>();
    for (int expected = 0; expected < groups.size(); expected++) {
      lines.add(line(result, groups, labels, expected));
    }
    return new ConfusionView(labels, lines);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Returns the labels as they fit above a column. */
  List<String> columns() {
    return labels.stream().map(label -> Figures.fit(label, 22)).toList();
  }

  /** Returns whether it has more columns than fit next to another table. */
  boolean needsWholeWidth() {
    return labels.size() > 9;
  }

  /** Returns whether the names of the columns must be vertical to fit. */
  boolean isWide() {
    return labels.size() > 6
        || labels.stream().anyMatch(label -> !Figures.fit(label, 10).equals(label));
  }

  /**
   * Returns the classes in their order, each as one group; if there are too many, the rare ones as
   * one.
   */
  private static List<int[]> groups(HeadResult result, int limit) {
    int classes = result.perClass().size();
    if (classes <= limit) {
      return IntStream.range(0, classes).mapToObj(i -> new int[] {i}).toList();
    }
    List<Integer> bySupport =
        IntStream.range(0, classes)
            .boxed()
            .sorted(Comparator.comparingLong(i -> -result.perClass().get(i).support()))
            .toList();
    int alone = Math.max(0, limit - 1);
    List<int[]> groups = new ArrayList<>();
    bySupport.subList(0, alone).stream().sorted().forEach(i -> groups.add(new int[] {i}));
    groups.add(bySupport.subList(alone, classes).stream().mapToInt(i -> i).toArray());
    return groups;
  }

  private static Line line(
      HeadResult result, List<int[]> groups, List<String> labels, int expected) {
    long[] rows = new long[groups.size()];
    long total = 0;
    for (int predicted = 0; predicted < rows.length; predicted++) {
      for (int e : groups.get(expected)) {
        for (int p : groups.get(predicted)) {
          rows[predicted] += result.confusion().get(e).get(p);
        }
      }
      total += rows[predicted];
    }
    List<Cell> cells = new ArrayList<>();
    for (int predicted = 0; predicted < rows.length; predicted++) {
      double fraction = total == 0 ? 0 : (double) rows[predicted] / total;
      // Rounded up, so that a single error is not invisible.
      String css =
          "q" + (int) Math.ceil(DARKEST * fraction) + (predicted == expected ? " right" : "");
      String tip =
          "actual %s, predicted %s: %s of %s (%s)"
              .formatted(
                  labels.get(expected),
                  labels.get(predicted),
                  Figures.count(rows[predicted]),
                  Figures.count(total),
                  Figures.percent(fraction));
      cells.add(new Cell(rows[predicted] == 0 ? "·" : Figures.count(rows[predicted]), css, tip));
    }
    return new Line(labels.get(expected), List.copyOf(cells));
  }
}
