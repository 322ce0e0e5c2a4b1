package io.attune.pipeline.stage.report.chart;

import io.attune.pipeline.figure.Figures;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Draws a metric over nights, small enough for a line of text. */
public final class Sparkline {
  private static final double WIDTH = 260;
  private static final double HEIGHT = 56;
  private static final double PAD = 6;

  /** Bounds the range from below: smaller changes should not look like a slope. */
  private static final double SMALLEST_RANGE = 0.02;

  private Sparkline() {}

  /**
   * Draws the line of the candidate, and dashed that of the baseline.
   *
   * @param candidate fractions by night, the oldest first; not empty
   * @param baseline likewise, as long; NaN if there is none
   */
  public static Svg of(String id, String title, List<Double> candidate, List<Double> baseline) {
    Svg svg =
        new Svg(
            new Svg.Canvas(id, WIDTH, HEIGHT),
            title,
            "From %s to %s over %s."
                .formatted(
                    Figures.percent(candidate.get(0)),
                    Figures.percent(candidate.get(candidate.size() - 1)),
                    Figures.of(candidate.size(), "night")));
    double[] all =
        IntStream.range(0, candidate.size())
            .boxed()
            .flatMap(i -> List.of(candidate.get(i), baseline.get(i)).stream())
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double low = DoubleStream.of(all).min().orElse(0);
    double high = DoubleStream.of(all).max().orElse(1);
    double spare = Math.max(0, SMALLEST_RANGE - (high - low)) / 2;
    Scale up = new Scale(low - spare, high + spare, HEIGHT - PAD, PAD);
    Scale across = new Scale(0, candidate.size() - 1, PAD, WIDTH - PAD);
    line(svg, "curve m-baseline", baseline, across, up);
    line(svg, "curve m-candidate", candidate, across, up);
    int last = candidate.size() - 1;
    if (Double.isFinite(candidate.get(last))) {
      Marker.draw(svg, Marker.MODELS.get(0), across.at(last), up.at(candidate.get(last)));
    }
    return svg.done();
  }

  private static void line(Svg svg, String css, List<Double> values, Scale across, Scale up) {
    String path =
        IntStream.range(0, values.size())
            .filter(i -> Double.isFinite(values.get(i)))
            .mapToObj(i -> Svg.number(across.at(i)) + " " + Svg.number(up.at(values.get(i))))
            .collect(Collectors.joining("L"));
    if (!path.isEmpty()) {
      svg.shape("path", "class", css, "d", "M" + path);
    }
  }
}
