package io.attune.pipeline.stage.report.chart;

import io.attune.pipeline.figure.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws metrics by epoch, each line named at its end. */
public final class LineChart {
  private static final double WIDTH = 460;
  private static final double HEIGHT = 230;
  private static final double LEFT = 46;
  private static final double RIGHT = 368;
  private static final double TOP = 14;
  private static final double BOTTOM = 186;

  /** Keeps two names apart: closer ones would overlap. */
  private static final double NAME_HEIGHT = 15;

  /**
   * Holds one line.
   *
   * @param css class of the page's style
   * @param values by epoch, the first epoch first
   */
  public record Line(String name, String css, List<Double> values) {
    public Line {
      values = List.copyOf(values);
    }

    double last() {
      return values.get(values.size() - 1);
    }
  }

  /**
   * Holds the data of a chart.
   *
   * @param marked index of an epoch to mark, from 0; -1 for none
   * @param mark the name of the mark
   */
  public record Plot(List<Integer> epochs, List<Line> lines, int marked, String mark) {
    public Plot {
      epochs = List.copyOf(epochs);
      lines = List.copyOf(lines);
    }
  }

  private LineChart() {}

  /** Draws the chart; there is at least one epoch and one line. */
  public static Svg of(String id, String title, Plot plot) {
    Svg svg = new Svg(new Svg.Canvas(id, WIDTH, HEIGHT), title, description(plot));
    int last = plot.epochs().size() - 1;
    Scale across = new Scale(0, last, LEFT + 8, RIGHT - 8);
    Scale up = upwards(plot);
    for (double tick : up.ticks(4)) {
      double y = up.at(tick);
      svg.shape("line", "class", "grid", "x1", LEFT, "x2", RIGHT, "y1", y, "y2", y);
      svg.text(LEFT - 7, y + 4, "tick end", label(tick, up));
    }
    int step = Math.max(1, (int) Math.ceil((last + 1) / 8.0));
    for (int i = 0; i <= last; i += step) {
      svg.text(across.at(i), BOTTOM + 18, "tick mid", String.valueOf(plot.epochs().get(i)));
    }
    svg.text((LEFT + RIGHT) / 2, HEIGHT - 8, "axis mid", "epoch");
    if (plot.marked() >= 0 && plot.marked() <= last) {
      double x = across.at(plot.marked());
      svg.shape("line", "class", "guide", "x1", x, "x2", x, "y1", TOP, "y2", BOTTOM);
      svg.text(x, TOP - 4, "axis mid", plot.mark());
    }
    plot.lines().forEach(line -> line(svg, line, across, up));
    names(svg, plot.lines(), up);
    return svg.done();
  }

  private static void line(Svg svg, Line line, Scale across, Scale up) {
    String path =
        IntStream.range(0, line.values().size())
            .filter(i -> Double.isFinite(line.values().get(i)))
            .mapToObj(i -> Svg.number(across.at(i)) + " " + Svg.number(up.at(line.values().get(i))))
            .collect(Collectors.joining("L"));
    if (path.isEmpty()) {
      return;
    }
    svg.shape("path", "class", "curve " + line.css(), "d", "M" + path);
    if (line.values().size() <= 40) {
      for (int i = 0; i < line.values().size(); i++) {
        double value = line.values().get(i);
        if (Double.isFinite(value)) {
          svg.shape(
              "circle",
              "class",
              "mark " + line.css(),
              "cx",
              across.at(i),
              "cy",
              up.at(value),
              "r",
              2.5);
        }
      }
    }
  }

  private static void names(Svg svg, List<Line> lines, Scale up) {
    List<Line> downwards = new ArrayList<>(lines);
    downwards.removeIf(line -> !Double.isFinite(line.last()));
    downwards.sort(Comparator.comparingDouble(line -> up.at(line.last())));
    double free = Double.NEGATIVE_INFINITY;
    for (Line line : downwards) {
      double y = Math.max(up.at(line.last()) + 4, free);
      svg.text(RIGHT + 2, y, "name " + line.css(), line.name());
      free = y + NAME_HEIGHT;
    }
  }

  private static Scale upwards(Plot plot) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Line line : plot.lines()) {
      for (double value : line.values()) {
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (low > high) {
      return new Scale(0, 1, BOTTOM, TOP);
    }
    double pad = high > low ? 0.06 * (high - low) : Math.max(0.01, 0.1 * Math.abs(high));
    return new Scale(low - pad, high + pad, BOTTOM, TOP);
  }

  private static String label(double tick, Scale scale) {
    int decimals = scale.high() - scale.low() < 0.1 ? 3 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", tick);
  }

  private static String description(Plot plot) {
    return plot.lines().stream()
        .map(
            line ->
                "%s from %s to %s"
                    .formatted(
                        line.name(),
                        Figures.decimal(line.values().get(0)),
                        Figures.decimal(line.last())))
        .collect(Collectors.joining("; ", "", " over " + plot.epochs().size() + " epochs."));
  }
}
