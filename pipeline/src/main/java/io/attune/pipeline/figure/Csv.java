package io.attune.pipeline.figure;

import java.util.List;
import java.util.function.Function;

/**
 * Writes a table in the format of RFC 4180: fields separated by commas, lines ended by CR LF, a
 * header first.
 *
 * <p>A text that a spreadsheet would evaluate as a formula gets an apostrophe before it, which
 * spreadsheets hide: a headline must not be able to execute anything on the machine of the person
 * who opens the table. Numbers are not changed.
 */
public final class Csv {
  /**
   * Lists the first characters of formulas; the full-width ones start formulas in Chinese and
   * Japanese spreadsheets.
   */
  private static final String FORMULA_STARTS = "=+-@\t\r\n＝＋－＠";

  private final StringBuilder out = new StringBuilder();
  private final int columns;

  /** Begins a table with its header. */
  public Csv(String... header) {
    columns = header.length;
    row((Object[]) header);
  }

  /**
   * Adds one row.
   *
   * @param fields a number, a text, or null for an empty field; one for each column
   */
  public Csv row(Object... fields) {
    if (fields.length != columns) {
      throw new IllegalArgumentException(
          "a row of %d fields in a table of %d columns".formatted(fields.length, columns));
    }
    for (int i = 0; i < fields.length; i++) {
      out.append(i == 0 ? "" : ",").append(field(fields[i]));
    }
    out.append("\r\n");
    return this;
  }

  /** Adds a row for each value. */
  public <T> Csv rows(List<T> values, Function<T, Object[]> fields) {
    values.forEach(value -> row(fields.apply(value)));
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private static String field(Object value) {
    if (value == null) {
      return "";
    }
    String text = value.toString();
    if (value instanceof Number) {
      return text;
    }
    if (!text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0) {
      text = "'" + text;
    }
    boolean quoted =
        text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
            || !text.equals(text.strip());
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
