package io.attune.pipeline.stage.report.chart;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.Interval;
import java.util.List;
import java.util.stream.Collectors;

/** Draws one metric of several models: a marker for each value, a line for its 95 % interval. */
public final class WhiskerChart {
  private static final double WIDTH = 460;
  private static final double ROW = 30;
  private static final double TOP = 6;
  private static final double AXIS = 26;
  private static final double PLOT_LEFT = 78;
  private static final double PLOT_RIGHT = 318;

  /** Bounds the range from below: a narrower one would make noise look significant. */
  private static final double SMALLEST_RANGE = 0.05;

  /**
   * Holds the metric of one model.
   *
   * @param interval of 95 %; null if there is none
   */
  public record Dot(String model, double value, Interval interval) {
    double low() {
      return interval == null ? value : Math.min(value, interval.low());
    }

    double high() {
      return interval == null ? value : Math.max(value, interval.high());
    }

    String words() {
      return model
          + " "
          + Figures.percent(value)
          + (interval == null
              ? ""
              : " (" + Figures.percentRange(interval.low(), interval.high()) + ")");
    }
  }

  private WhiskerChart() {}

  /**
   * Draws the chart. Its range is that of the trained models; a value far below it is shown as an
   * arrow at the edge.
   *
   * @param dots fractions in [0, 1], in the order shown; not empty
   */
  public static Svg of(String id, String title, List<Dot> dots) {
    double height = TOP + ROW * dots.size() + AXIS;
    Svg svg =
        new Svg(
            new Svg.Canvas(id, WIDTH, height),
            title,
            dots.stream().map(Dot::words).collect(Collectors.joining("; ")) + ".");
    Scale scale = scaleOf(dots);
    double bottom = TOP + ROW * dots.size();
    for (double tick : scale.ticks(4)) {
      double x = scale.at(tick);
      svg.shape("line", "class", "grid", "x1", x, "x2", x, "y1", TOP, "y2", bottom);
      svg.text(x, bottom + 17, "tick mid", Svg.number(100 * tick) + "%");
    }
    for (int i = 0; i < dots.size(); i++) {
      row(svg, dots.get(i), scale, TOP + ROW * (i + 0.5));
    }
    return svg.done();
  }

  private static void row(Svg svg, Dot dot, Scale scale, double y) {
    svg.text(0, y + 4, "label", Figures.fit(dot.model(), 11));
    if (dot.high() < scale.low()) {
      svg.text(PLOT_LEFT - 4, y + 4, "tick", "◂ below " + Svg.number(100 * scale.low()) + "%");
    } else {
      double from = scale.at(dot.low());
      double to = scale.at(dot.high());
      svg.open("g").element("title", dot.words());
      svg.shape(
          "line",
          "class",
          "whisker " + Marker.css(dot.model()),
          "x1",
          from,
          "x2",
          to,
          "y1",
          y,
          "y2",
          y);
      Marker.draw(svg, dot.model(), scale.at(dot.value()), y);
      svg.close("g");
    }
    svg.text(PLOT_RIGHT + 58, y + 4, "value end", Figures.percent(dot.value()));
    if (dot.interval() != null) {
      String range = Figures.percentRange(dot.interval().low(), dot.interval().high());
      svg.text(WIDTH, y + 4, "tick end", range);
    }
  }

  private static Scale scaleOf(List<Dot> dots) {
    List<Dot> trained =
        dots.stream().filter(dot -> !dot.model().equals(Evaluation.MAJORITY)).toList();
    List<Dot> framing = trained.isEmpty() ? dots : trained;
    double low = framing.stream().mapToDouble(Dot::low).min().orElse(0);
    double high = framing.stream().mapToDouble(Dot::high).max().orElse(1);
    double range = Math.max(SMALLEST_RANGE, high - low);
    double middle = (low + high) / 2;
    return new Scale(
        Math.max(0, middle - 0.65 * range),
        Math.min(1, middle + 0.65 * range),
        PLOT_LEFT,
        PLOT_RIGHT);
  }
}
