package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.SliceResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows the slices of the test split on one head. */
record SliceView(String head, Truncated<SliceRow> rows) {

  /**
   * Holds one slice.
   *
   * @param slice what the split is sliced by; empty if it is that of the row before
   * @param width of the candidate's accuracy
   * @param tick the current model's accuracy as a position on the same bar; empty if there is none
   */
  record SliceRow(
      String slice,
      String value,
      String rows,
      String accuracy,
      String width,
      String tick,
      String change,
      String macroF1) {}

  /** Returns the slices by head; of each head the largest, in the order given. */
  static List<SliceView> of(List<SliceResult> slices, PageLimits limits) {
    Map<String, List<SliceResult>> byHead = new LinkedHashMap<>();
    Map<List<String>, SliceResult> current = new LinkedHashMap<>();
    for (SliceResult slice : slices) {
      if (slice.model().equals(Evaluation.CANDIDATE)) {
        byHead.computeIfAbsent(slice.head(), head -> new ArrayList<>()).add(slice);
      } else if (slice.model().equals(Evaluation.CURRENT)) {
        current.put(key(slice), slice);
      }
    }
    List<SliceView> views = new ArrayList<>();
    byHead.forEach(
        (head, parts) -> {
          if (views.size() < limits.classes()) {
            views.add(of(head, parts, current, limits.slices()));
          }
        });
    return views;
  }

  private static SliceView of(
      String head, List<SliceResult> parts, Map<List<String>, SliceResult> current, int limit) {
    List<SliceResult> largest =
        parts.stream()
            .sorted(Comparator.comparingLong(SliceResult::rows).reversed())
            .limit(limit)
            .toList();
    List<SliceRow> rows = new ArrayList<>();
    String before = null;
    for (SliceResult part : parts) {
      if (!largest.contains(part)) {
        continue;
      }
      SliceResult other = current.get(key(part));
      rows.add(
          new SliceRow(
              part.slice().equals(before) ? "" : Figures.cut(part.slice(), 40),
              Figures.cut(part.value(), 80),
              Figures.count(part.rows()),
              Figures.percent(part.accuracy()),
              Figures.width(part.accuracy()),
              other == null ? "" : Figures.width(other.accuracy()),
              other == null ? "" : Figures.points(part.accuracy() - other.accuracy()),
              Figures.percent(part.macroF1())));
      before = part.slice();
    }
    return new SliceView(Figures.cut(head, 60), new Truncated<>(rows, parts.size()));
  }

  private static List<String> key(SliceResult slice) {
    return List.of(slice.head(), slice.slice(), slice.value());
  }
}
