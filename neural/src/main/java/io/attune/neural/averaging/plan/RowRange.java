package io.attune.neural.averaging.plan;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names some rows of a file by a path: {@code <file>?rows=<from>-<to>&order=<seed>}. The master
 * cuts such a path between any two rows.
 *
 * @param file URI of the file
 * @param from first row, from 0, counted in the order that {@code order} gives
 * @param to row after the last
 * @param order seed of the order of the file's rows
 */
public record RowRange(String file, long from, long to, long order) implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Pattern FORM = Pattern.compile("(.+)\\?rows=(\\d+)-(\\d+)&order=(-?\\d+)");

  public RowRange {
    require(0 <= from && from <= to, "rows must be a range, got %d-%d of '%s'", from, to, file);
  }

  /** Parses a path of that form; empty if it has another. */
  public static Optional<RowRange> parse(String path) {
    Matcher matcher = FORM.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new RowRange(
            matcher.group(1),
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            Long.parseLong(matcher.group(4))));
  }

  public long rows() {
    return to - from;
  }

  RowRange part(long first, long end) {
    return new RowRange(file, from + first, from + end, order);
  }

  /** Returns the path. */
  @Override
  public String toString() {
    return file + "?rows=" + from + "-" + to + "&order=" + order;
  }
}
