package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.chart.Marker;
import io.attune.pipeline.stage.report.chart.ReliabilityChart;
import io.attune.pipeline.stage.report.chart.Svg;
import io.attune.pipeline.stage.report.chart.WhiskerChart;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Shows one head: the metrics of each model, and the errors of the candidate.
 *
 * @param split that was evaluated, such as {@code test}
 * @param parts the candidate and each of its parts alone; empty if it has only one
 * @param classes the candidate's, with the change from the current model
 * @param calibration null where no model gives probabilities
 * @param copied how many rows have a copy in training; empty for none
 */
record HeadView(
    String name,
    String split,
    Svg accuracy,
    Svg macroF1,
    List<ModelRow> models,
    List<PartRow> parts,
    Truncated<ClassRow> classes,
    ConfusionView confusion,
    Svg calibration,
    String copied) {

  private static final Map<String, String> PARTS =
      Map.of(
          Evaluation.CANDIDATE_NETWORK, "network alone",
          Evaluation.CANDIDATE_LINEAR, "linear part alone");

  /**
   * Holds the metrics of one model.
   *
   * @param uncopied accuracy on the rows without a copy in training
   */
  record ModelRow(
      String model,
      String css,
      String version,
      String rows,
      String accuracy,
      String accuracyRange,
      String macroF1,
      String macroF1Range,
      String logLoss,
      String brier,
      String rawCalibrationError,
      String calibrationError,
      String uncopied) {}

  /** Holds the metrics of one part of the candidate, or of the whole. */
  record PartRow(String part, String accuracy, String macroF1, String logLoss) {}

  /**
   * Holds the metrics of one class.
   *
   * @param change of F1 in points compared with the current model
   */
  record ClassRow(
      String label,
      String support,
      String precision,
      String recall,
      String f1,
      String width,
      String change) {}

  /**
   * Makes the charts and tables of a head.
   *
   * @param results of one head on one split; not empty
   * @param id unique within the page
   */
  static HeadView of(List<HeadResult> results, String id, PageLimits limits) {
    List<HeadResult> ordered =
        results.stream()
            .filter(r -> !PARTS.containsKey(r.model()))
            .sorted(Comparator.comparingInt(r -> Marker.order(r.model())))
            .toList();
    HeadResult first = ordered.get(0);
    String head = Figures.cut(first.head(), 60);
    boolean calibrated = ordered.stream().anyMatch(r -> !r.calibration().isEmpty());
    return new HeadView(
        head,
        Figures.cut(first.split(), 30),
        WhiskerChart.of(
            id + "-accuracy",
            "Accuracy on " + head,
            dots(ordered, HeadResult::accuracy, HeadResult::accuracyInterval)),
        WhiskerChart.of(
            id + "-macro-f1",
            "Macro-F1 on " + head,
            dots(ordered, HeadResult::macroF1, HeadResult::macroF1Interval)),
        ordered.stream().map(HeadView::row).toList(),
        parts(results),
        classes(first, named(ordered, Evaluation.CURRENT), limits.classes()),
        ConfusionView.of(first, limits.classes()),
        calibrated
            ? ReliabilityChart.of(id + "-calibration", "Calibration on " + head, ordered)
            : null,
        copied(ordered));
  }

  private static Optional<HeadResult> named(List<HeadResult> results, String model) {
    return results.stream().filter(r -> r.model().equals(model)).findFirst();
  }

  private static List<WhiskerChart.Dot> dots(
      List<HeadResult> results,
      java.util.function.ToDoubleFunction<HeadResult> value,
      java.util.function.Function<HeadResult, Evaluation.Interval> interval) {
    return results.stream()
        .map(r -> new WhiskerChart.Dot(r.model(), value.applyAsDouble(r), interval.apply(r)))
        .toList();
  }

  private static ModelRow row(HeadResult r) {
    return new ModelRow(
        Figures.cut(r.model(), 30),
        Marker.css(r.model()),
        Figures.cut(r.version(), 60),
        Figures.count(r.rows()),
        Figures.percent(r.accuracy()),
        range(r.accuracyInterval()),
        Figures.percent(r.macroF1()),
        range(r.macroF1Interval()),
        Figures.decimalOrNone(r.logLoss()),
        Figures.decimalOrNone(r.brier()),
        Figures.decimalOrNone(r.rawCalibrationError()),
        Figures.decimalOrNone(r.calibrationError()),
        r.uncopied() == null ? Figures.NONE : Figures.percent(r.uncopied().accuracy()));
  }

  /** Returns how many rows have a copy in training, at most; empty for none. */
  private static String copied(List<HeadResult> results) {
    long most =
        results.stream()
            .filter(r -> r.uncopied() != null)
            .mapToLong(r -> r.rows() - r.uncopied().rows())
            .max()
            .orElse(0);
    return most == 0 ? "" : Figures.count(most);
  }

  private static List<PartRow> parts(List<HeadResult> results) {
    if (results.stream().noneMatch(r -> PARTS.containsKey(r.model()))) {
      return List.of();
    }
    return results.stream()
        .filter(r -> PARTS.containsKey(r.model()) || r.model().equals(Evaluation.CANDIDATE))
        .map(
            r ->
                new PartRow(
                    PARTS.getOrDefault(r.model(), "both together: the candidate"),
                    Figures.percent(r.accuracy()),
                    Figures.percent(r.macroF1()),
                    Figures.decimalOrNone(r.logLoss())))
        .toList();
  }

  private static String range(Evaluation.Interval interval) {
    return interval == null ? "" : Figures.percentRange(interval.low(), interval.high());
  }

  private static Truncated<ClassRow> classes(
      HeadResult candidate, Optional<HeadResult> current, int limit) {
    Map<String, Double> before =
        current.stream()
            .flatMap(r -> r.perClass().stream())
            .collect(Collectors.toMap(ClassResult::label, ClassResult::f1, (a, b) -> a));
    List<ClassRow> rows =
        candidate.perClass().stream()
            .map(
                c ->
                    new ClassRow(
                        Figures.cut(c.label(), 60),
                        Figures.count(c.support()),
                        Figures.percent(c.precision()),
                        Figures.percent(c.recall()),
                        Figures.percent(c.f1()),
                        Figures.width(c.f1()),
                        before.containsKey(c.label())
                            ? Figures.points(c.f1() - before.get(c.label()))
                            : ""))
            .toList();
    return Truncated.firstOf(rows, limit);
  }
}
