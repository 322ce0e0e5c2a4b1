package io.attune.pipeline.stage.report.chart;

import io.attune.schemas.report.Evaluation;
import java.util.List;

/** Marks in charts which model a point belongs to, by shape as well as by colour. */
public final class Marker {
  /** Lists the models in the order of every table and chart. */
  static final List<String> MODELS =
      List.of(Evaluation.CANDIDATE, Evaluation.CURRENT, Evaluation.BASELINE, Evaluation.MAJORITY);

  private static final double RADIUS = 5;

  private Marker() {}

  /** Returns the class of the page's style that colours a model. */
  public static String css(String model) {
    return MODELS.contains(model) ? "m-" + model : "m-other";
  }

  /** Returns the index in {@link #MODELS}; unknown models come last. */
  public static int order(String model) {
    int index = MODELS.indexOf(model);
    return index < 0 ? MODELS.size() : index;
  }

  /** Draws a circle, diamond, square or triangle around a centre. */
  static void draw(Svg svg, String model, double x, double y) {
    String css = "mark " + css(model);
    switch (model) {
      case Evaluation.CURRENT -> svg.shape("path", "class", css, "d", diamond(x, y));
      case Evaluation.BASELINE ->
          svg.shape(
              "rect",
              "class",
              css,
              "x",
              x - RADIUS + 1,
              "y",
              y - RADIUS + 1,
              "width",
              2 * RADIUS - 2,
              "height",
              2 * RADIUS - 2);
      case Evaluation.MAJORITY -> svg.shape("path", "class", css, "d", triangle(x, y));
      default -> svg.shape("circle", "class", css, "cx", x, "cy", y, "r", RADIUS);
    }
  }

  private static String diamond(double x, double y) {
    double r = RADIUS + 1;
    return path(x, y - r, x + r, y, x, y + r, x - r, y);
  }

  private static String triangle(double x, double y) {
    return path(x, y - RADIUS, x + RADIUS, y + RADIUS - 1, x - RADIUS, y + RADIUS - 1);
  }

  private static String path(double... corners) {
    StringBuilder path = new StringBuilder("M");
    for (int i = 0; i < corners.length; i++) {
      path.append(i == 0 ? "" : " ").append(Svg.number(corners[i]));
    }
    return path.append("Z").toString();
  }
}
