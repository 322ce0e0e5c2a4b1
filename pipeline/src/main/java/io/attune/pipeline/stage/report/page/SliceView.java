package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.SliceRecord;
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
   * @param range interval of the candidate's accuracy; empty in reports of versions without it
   * @param test whether the candidate is shown to be better or worse than the current model there
   * @param tick the current model's accuracy as a position on the same bar; empty if there is none
   */
  record SliceRow(
      String slice,
      String value,
      String rows,
      String accuracy,
      String range,
      String width,
      String tick,
      String change,
      String test,
      String macroF1) {}

  /** Returns the slices by head; of each head the largest, in the order given. */
  static List<SliceView> of(NightReport night, PageLimits limits) {
    List<SliceResult> slices = night.slices();
    Map<List<String>, SliceRecord> tests = tests(night.verdict());
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
            views.add(of(parts, current, tests, limits.slices()));
          }
        });
    return views;
  }

  /** Returns the tests against the current model, of the model that the verdict is about. */
  private static Map<List<String>, SliceRecord> tests(VerdictRecord verdict) {
    Map<List<String>, SliceRecord> tests = new LinkedHashMap<>();
    if (verdict != null) {
      verdict.slices().stream()
          .filter(test -> test.other().equals(Evaluation.CURRENT))
          .filter(test -> test.model().equals(verdict.candidate()))
          .forEach(test -> tests.put(List.of(test.head(), test.slice(), test.value()), test));
    }
    return tests;
  }

  private static SliceView of(
      List<SliceResult> parts,
      Map<List<String>, SliceResult> current,
      Map<List<String>, SliceRecord> tests,
      int limit) {
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
              part.accuracyInterval() == null
                  ? ""
                  : Figures.percentRange(
                      part.accuracyInterval().low(), part.accuracyInterval().high()),
              Figures.width(part.accuracy()),
              other == null ? "" : Figures.width(other.accuracy()),
              other == null ? "" : Figures.points(part.accuracy() - other.accuracy()),
              shown(tests.get(key(part))),
              Figures.percent(part.macroF1())));
      before = part.slice();
    }
    return new SliceView(Figures.cut(parts.get(0).head(), 60), new Truncated<>(rows, parts.size()));
  }

  private static String shown(SliceRecord test) {
    if (test == null) {
      return "";
    }
    String p = "p " + Figures.probability(test.adjusted());
    return switch (test.place()) {
      case "below" -> "worse, " + p;
      case "above" -> "better, " + p;
      default -> p;
    };
  }

  private static List<String> key(SliceResult slice) {
    return List.of(slice.head(), slice.slice(), slice.value());
  }
}
