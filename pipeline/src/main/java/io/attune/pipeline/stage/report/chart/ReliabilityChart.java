package io.attune.pipeline.stage.report.chart;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Evaluation.CalibrationBin;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Draws a reliability diagram: the accuracy of a model by its confidence; on the diagonal both are
 * equal.
 */
public final class ReliabilityChart {
  private static final double WIDTH = 460;
  private static final double HEIGHT = 352;
  private static final double LEFT = 46;
  private static final double RIGHT = 346;
  private static final double TOP = 10;
  private static final double BOTTOM = 310;

  private ReliabilityChart() {}

  /**
   * Draws the chart.
   *
   * @param results of one head, the candidate first; those without bins are left out
   */
  public static Svg of(String id, String title, List<HeadResult> results) {
    List<HeadResult> drawn = results.stream().filter(r -> !r.calibration().isEmpty()).toList();
    String description =
        drawn.stream()
            .map(
                r ->
                    r.model()
                        + ": calibration error "
                        + Figures.decimalOrNone(r.calibrationError()))
            .collect(Collectors.joining("; ", "", "."));
    Svg svg = new Svg(new Svg.Canvas(id, WIDTH, HEIGHT), title, description);
    Scale across = new Scale(0, 1, LEFT, RIGHT);
    Scale up = new Scale(0, 1, BOTTOM, TOP);
    for (double tick : List.of(0.0, 0.25, 0.5, 0.75, 1.0)) {
      String label = Math.round(100 * tick) + "%";
      double x = across.at(tick);
      double y = up.at(tick);
      svg.shape("line", "class", "grid", "x1", LEFT, "x2", RIGHT, "y1", y, "y2", y);
      svg.shape("line", "class", "grid", "x1", x, "x2", x, "y1", TOP, "y2", BOTTOM);
      svg.text(LEFT - 7, y + 4, "tick end", label);
      svg.text(x, BOTTOM + 18, "tick mid", label);
    }
    svg.shape("line", "class", "guide", "x1", LEFT, "x2", RIGHT, "y1", BOTTOM, "y2", TOP);
    svg.text((LEFT + RIGHT) / 2, HEIGHT - 4, "axis mid", "confidence");
    svg.text(LEFT + 8, TOP + 16, "axis", "accuracy");
    for (int i = drawn.size() - 1; i >= 0; i--) {
      curve(svg, drawn.get(i), across, up);
    }
    for (int i = 0; i < drawn.size(); i++) {
      double y = TOP + 16 + 38 * i;
      Marker.draw(svg, drawn.get(i).model(), RIGHT + 20, y - 4);
      svg.text(RIGHT + 32, y, "label", Figures.fit(drawn.get(i).model(), 11));
      svg.text(
          RIGHT + 32,
          y + 15,
          "tick",
          "error " + Figures.decimalOrNone(drawn.get(i).calibrationError()));
    }
    return svg.done();
  }

  private static void curve(Svg svg, HeadResult result, Scale across, Scale up) {
    List<CalibrationBin> bins =
        result.calibration().stream().filter(bin -> bin.rows() > 0).toList();
    if (bins.isEmpty()) {
      return;
    }
    String path =
        bins.stream()
            .map(
                bin ->
                    Svg.number(across.at(bin.meanProbability()))
                        + " "
                        + Svg.number(up.at(bin.accuracy())))
            .collect(Collectors.joining("L", "M", ""));
    svg.shape("path", "class", "curve " + Marker.css(result.model()), "d", path);
    for (CalibrationBin bin : bins) {
      svg.open("g")
          .element(
              "title",
              "%s: confidence %s, accuracy %s, %s"
                  .formatted(
                      result.model(),
                      Figures.percent(bin.meanProbability()),
                      Figures.percent(bin.accuracy()),
                      Figures.of(bin.rows(), "row")));
      Marker.draw(svg, result.model(), across.at(bin.meanProbability()), up.at(bin.accuracy()));
      svg.close("g");
    }
  }
}
