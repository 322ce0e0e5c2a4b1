package io.attune.pipeline.stage.report.chart;

import gg.jte.Content;
import gg.jte.TemplateOutput;
import gg.jte.html.escape.Escape;
import gg.jte.output.StringOutput;
import java.util.Locale;

/**
 * Writes one inline drawing as it is built. Values and texts are escaped; colours come from the
 * page's style by class, so that a drawing follows light, dark and print.
 */
public final class Svg implements Content {
  private final StringOutput out = new StringOutput();

  /**
   * Holds the id and size of a drawing.
   *
   * @param id unique within the page; letters, digits and hyphens
   */
  record Canvas(String id, double width, double height) {}

  /**
   * Opens a drawing.
   *
   * @param title a name of a few words
   * @param description the content in words, for screen readers
   */
  Svg(Canvas canvas, String title, String description) {
    String titleId = canvas.id() + "-t";
    String descriptionId = canvas.id() + "-d";
    open(
        "svg",
        "viewBox",
        "0 0 " + number(canvas.width()) + " " + number(canvas.height()),
        "role",
        "img",
        "aria-labelledby",
        titleId + " " + descriptionId);
    element("title", title, "id", titleId);
    element("desc", description, "id", descriptionId);
  }

  /**
   * Opens a group or another element with content.
   *
   * @param attributes names and values in turn
   */
  Svg open(String tag, Object... attributes) {
    start(tag, attributes);
    out.writeContent(">");
    return this;
  }

  /** Closes an element that {@link #open} opened. */
  Svg close(String tag) {
    out.writeContent("</" + tag + ">");
    return this;
  }

  /** Writes an element without content. */
  Svg shape(String tag, Object... attributes) {
    start(tag, attributes);
    out.writeContent("/>");
    return this;
  }

  /** Writes an element with a tooltip. */
  Svg shapeWithTip(String tip, String tag, Object... attributes) {
    return open(tag, attributes).element("title", tip).close(tag);
  }

  /** Writes an element with a text. */
  Svg element(String tag, String text, Object... attributes) {
    open(tag, attributes);
    Escape.htmlContent(text, out);
    return close(tag);
  }

  /** Writes a text at a position, styled and anchored by its class. */
  Svg text(double x, double y, String css, String text) {
    return element("text", text, "x", x, "y", y, "class", css);
  }

  /** Ends the drawing. */
  Svg done() {
    return close("svg");
  }

  @Override
  public void writeTo(TemplateOutput output) {
    output.writeContent(out.toString());
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private void start(String tag, Object... attributes) {
    out.writeContent("<" + tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.writeContent(" " + attributes[i] + "=\"");
      Object value = attributes[i + 1];
      Escape.htmlAttribute(value instanceof Double number ? number(number) : value.toString(), out);
      out.writeContent("\"");
    }
  }

  /** Formats a coordinate; finer than a tenth of a pixel is not visible. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", Double.isFinite(value) ? value : 0);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
