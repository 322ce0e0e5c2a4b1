package io.attune.pipeline.stage.report.chart;

import io.attune.pipeline.figure.Figures;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Draws the fractions of labels by month: one column per month, the labels named next to the last,
 * the number of documents in a strip below.
 */
public final class StackChart {
  private static final double WIDTH = 920;
  private static final double HEIGHT = 300;
  private static final double LEFT = 44;
  private static final double RIGHT = 736;
  private static final double TOP = 10;
  private static final double BOTTOM = 206;
  private static final double STRIP_TOP = 222;
  private static final double STRIP_BOTTOM = 262;
  private static final double NAME_HEIGHT = 17;

  /** Bounds the width of a column: wider ones look like a wall. */
  private static final double WIDEST_COLUMN = 56;

  /**
   * Holds one label.
   *
   * @param css class of the page's style
   * @param documents by month, the first month first
   */
  public record Band(String label, String css, List<Long> documents) {
    public Band {
      documents = List.copyOf(documents);
    }
  }

  private StackChart() {}

  /**
   * Draws the chart.
   *
   * @param months ISO 8601, in order; not empty
   * @param bands from the bottom up, each with a number for every month
   */
  public static Svg of(String id, String title, List<String> months, List<Band> bands) {
    long[] totals =
        IntStream.range(0, months.size())
            .mapToLong(m -> bands.stream().mapToLong(band -> band.documents().get(m)).sum())
            .toArray();
    Svg svg = new Svg(new Svg.Canvas(id, WIDTH, HEIGHT), title, description(months, bands, totals));
    Scale up = new Scale(0, 1, BOTTOM, TOP);
    for (double tick : List.of(0.0, 0.25, 0.5, 0.75, 1.0)) {
      double y = up.at(tick);
      svg.shape("line", "class", "grid", "x1", LEFT, "x2", RIGHT, "y1", y, "y2", y);
      svg.text(LEFT - 7, y + 4, "tick end", Math.round(100 * tick) + "%");
    }
    double step = Math.min(WIDEST_COLUMN, (RIGHT - LEFT) / months.size());
    long most = LongStream.of(totals).max().orElse(0);
    for (int m = 0; m < months.size(); m++) {
      double x = LEFT + 2 + step * m;
      double width = Math.max(1, step * 0.9 - 1);
      column(svg, months.get(m), bands, new Column(m, x, width, totals[m]));
      double height = most == 0 ? 0 : (STRIP_BOTTOM - STRIP_TOP) * totals[m] / most;
      svg.shapeWithTip(
          months.get(m) + ": " + Figures.of(totals[m], "document"),
          "rect",
          "class",
          "volume",
          "x",
          x,
          "width",
          width,
          "y",
          STRIP_BOTTOM - height,
          "height",
          height);
    }
    monthNames(svg, months, step);
    svg.text(LEFT - 7, STRIP_BOTTOM, "tick end", "0");
    svg.text(LEFT - 7, STRIP_TOP + 8, "tick end", Figures.rough(most));
    double end = LEFT + 2 + step * months.size();
    svg.text(end + 10, STRIP_BOTTOM - 4, "axis", "documents per month");
    names(svg, bands, totals, end + 10);
    return svg.done();
  }

  /** Holds the position of one month. */
  private record Column(int month, double x, double width, long total) {}

  private static void column(Svg svg, String month, List<Band> bands, Column at) {
    double y = BOTTOM;
    for (Band band : bands) {
      long documents = band.documents().get(at.month());
      if (documents == 0) {
        continue;
      }
      double height = (BOTTOM - TOP) * documents / at.total();
      y -= height;
      svg.shapeWithTip(
          "%s, %s: %s (%s)"
              .formatted(
                  month,
                  band.label(),
                  Figures.count(documents),
                  Figures.percent((double) documents / at.total())),
          "rect",
          "class",
          "band " + band.css(),
          "x",
          at.x(),
          "width",
          at.width(),
          "y",
          y,
          "height",
          Math.max(0.5, height - 0.8));
    }
  }

  private static void monthNames(Svg svg, List<String> months, double step) {
    int every = Math.max(1, (int) Math.ceil(58 / step));
    for (int m = 0; m < months.size(); m += every) {
      double x = LEFT + 2 + step * m + Math.max(1, step * 0.9 - 1) / 2;
      svg.text(x, STRIP_BOTTOM + 18, "tick mid", months.get(m));
    }
  }

  /**
   * Writes each label next to its part of the last month that has any, moved apart if they overlap.
   */
  private static void names(Svg svg, List<Band> bands, long[] totals, double x) {
    int last = totals.length - 1;
    while (last > 0 && totals[last] == 0) {
      last--;
    }
    double[] wanted = new double[bands.size()];
    double y = BOTTOM;
    for (int b = 0; b < wanted.length; b++) {
      double fraction =
          totals[last] == 0 ? 0 : (double) bands.get(b).documents().get(last) / totals[last];
      wanted[b] = y - (BOTTOM - TOP) * fraction / 2;
      y -= (BOTTOM - TOP) * fraction;
    }
    double limit = BOTTOM - 4;
    for (int b = 0; b < wanted.length; b++) {
      // Place names from the bottom up, leaving room for those above.
      double highest = TOP + 4 + NAME_HEIGHT * (wanted.length - 1 - b);
      double at = Math.min(limit, Math.max(highest, wanted[b]));
      limit = at - NAME_HEIGHT;
      Band band = bands.get(b);
      double fraction = totals[last] == 0 ? 0 : (double) band.documents().get(last) / totals[last];
      svg.shape(
          "rect",
          "class",
          "band " + band.css(),
          "x",
          x,
          "y",
          at - 5,
          "width",
          10,
          "height",
          10,
          "rx",
          2);
      svg.text(
          x + 16,
          at + 4,
          "label",
          Figures.fit(band.label(), 15) + String.format(Locale.ROOT, "  %.0f%%", 100 * fraction));
    }
  }

  private static String description(List<String> months, List<Band> bands, long[] totals) {
    int last = months.size() - 1;
    String fractions =
        bands.stream()
            .map(
                band ->
                    band.label()
                        + " "
                        + Figures.percent(
                            totals[last] == 0
                                ? 0
                                : (double) band.documents().get(last) / totals[last]))
            .collect(Collectors.joining(", "));
    return "%s to %s, one column per month. In %s: %s."
        .formatted(months.get(0), months.get(last), months.get(last), fractions);
  }
}
