package io.attune.pipeline.input;

import io.attune.pipeline.input.CsvParser.Ending;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads records that may be quoted and may span lines. A quote that opens and does not close costs
 * its line: reading goes on with the next one. That a quote did not close is also seen where its
 * record would swallow others.
 */
final class CsvReader extends DelimitedReader {
  private static final int LOOK_AHEAD_RECORDS = 50;
  private static final int LOOK_AHEAD_CHARACTERS = 1 << 20;

  /** Lines of a damaged record in which another is looked for. */
  private static final int SWALLOWED_LINES = 20;

  private static final int MAX_SHAPE = 40;

  private final CsvParser parser;
  private final CsvParser inner;
  private long bare;

  CsvReader(Source source) throws IOException {
    super(source);
    parser = new CsvParser(in, layout, delimiter, carriageReturns);
    inner = new CsvParser(in, layout, delimiter, carriageReturns);
    if (source.part().head() != null) {
      return;
    } else if (layout.header()) {
      readHeader();
    } else {
      countColumns();
    }
  }

  private void readHeader() throws IOException {
    skipBlankLines();
    if (in.peek() < 0) {
      return;
    }
    parser.parse(0);
    if (parser.ending() != Ending.WHOLE) {
      throw new Failure.BadInput(
          "'%s': the header in line %d %s; correct it, or corpora.quote",
          file,
          line,
          parser.ending() == Ending.OPEN ? "opens a quote and does not close it" : "is too long");
    }
    nameColumns(parser.values());
    line += parser.lines();
    in.mark();
  }

  /** Takes the number of values that most of the first records have. */
  private void countColumns() throws IOException {
    in.mark();
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < LOOK_AHEAD_RECORDS && in.offset() < LOOK_AHEAD_CHARACTERS; i++) {
      int start = in.offset();
      if (in.peek() < 0) {
        break;
      }
      parser.parse(0);
      if (parser.ending() == Ending.WHOLE) {
        boolean isBlank = parser.count() == 1 && parser.values().get(0).isEmpty();
        counts.merge(parser.count(), isBlank ? 0 : 1, Integer::sum);
      } else if (parser.offsetBehindOpen() > start) {
        in.seek(parser.offsetBehindOpen());
      } else {
        break;
      }
    }
    in.seek(0);
    numberColumns(TsvReader.mostFrequent(counts));
  }

  @Override
  RawRecord readRow() throws IOException {
    skipBlankLines();
    if (in.peek() < 0 || isBehindPart()) {
      return null;
    }
    long first = line;
    parser.parse(columns());
    if (parser.ending() == Ending.TOO_LONG) {
      line += parser.lines();
      return tooLong(first);
    } else if (parser.ending() == Ending.OPEN) {
      return open();
    }
    boolean fits = parser.count() == columns();
    int end = in.offset();
    int lines = parser.lines();
    if (spansLines() && ((parser.bare() || !fits) ? swallowsOne(end) : swallowsRows(end))) {
      return openBefore(endOfFirstLine());
    }
    in.seek(end);
    line += lines;
    bare += parser.bare() ? 1 : 0;
    return record(first, parser.values(), parser.count(), raw(end));
  }

  /** Returns how many records so far have a quote that is neither escaped nor closing. */
  long bare() {
    return bare;
  }

  private boolean spansLines() throws IOException {
    return parser.lines() > (in.at(in.offset() - 1) == lineEnd() ? 1 : 0);
  }

  /** Rejects the lines up to the one in which a quote opens that never closes. */
  private RawRecord open() throws IOException {
    long first = line;
    String fault =
        "a quote opens in line %d and does not close; escape it, double it, or set corpora.quote"
            .formatted(first + parser.linesAtOpen());
    int behind = parser.offsetBehindOpen();
    if (behind >= 0) {
      String raw = raw(behind);
      in.seek(behind);
      line += parser.linesAtOpen() + 1;
      return RawRecord.malformed(first, raw, fault);
    }
    String raw = raw(in.offset());
    line += parser.linesAtOpen();
    skipLine();
    return RawRecord.malformed(first, raw, fault);
  }

  /** Rejects the first line: its quote would swallow the records behind it. */
  private RawRecord openBefore(int behind) throws IOException {
    long first = line;
    String raw = raw(behind);
    in.seek(behind);
    line++;
    return RawRecord.malformed(
        first,
        raw,
        "a quote opens in line %d and does not close before the next record; escape it, double it,"
                .formatted(first)
            + " or set corpora.quote");
  }

  private int endOfFirstLine() throws IOException {
    int end = 0;
    while (in.at(end) != lineEnd()) {
      end++;
    }
    return end + 1;
  }

  /**
   * Returns whether a record that spans lines and is not as it should be holds a line with which a
   * proper record begins.
   */
  private boolean swallowsOne(int end) throws IOException {
    int start = endOfFirstLine();
    for (int i = 0; i < SWALLOWED_LINES && start < end; i++) {
      in.seek(start);
      inner.parse(columns());
      boolean proper = inner.ending() == Ending.WHOLE && !inner.bare();
      if (proper && inner.count() == columns()) {
        return true;
      }
      while (start < end && in.at(start) != lineEnd()) {
        start++;
      }
      start++;
    }
    return false;
  }

  /**
   * Returns whether all lines of a proper record but its first and its last are records, two at
   * least, and their first or last values are of the same shape as its own: {@code 50} and {@code
   * 51}. A quoted text of such lines is less likely than two quotes that do not belong together.
   */
  private boolean swallowsRows(int end) throws IOException {
    List<String> own = parser.values();
    if (columns() < 2) {
      return false;
    }
    String firstShape = shape(own.get(0));
    String lastShape = shape(own.get(own.size() - 1));
    int rows = 0;
    int start = endOfFirstLine();
    int next = lineBehind(start, end);
    while (next < end) {
      in.seek(start);
      inner.parse(columns());
      List<String> values = inner.values();
      boolean isRow =
          inner.ending() == Ending.WHOLE && inner.count() == columns() && in.offset() == next;
      if (!isRow
          || !(isOf(firstShape, values.get(0)) || isOf(lastShape, values.get(values.size() - 1)))) {
        return false;
      }
      rows++;
      start = next;
      next = lineBehind(start, end);
    }
    return rows >= 2;
  }

  private int lineBehind(int start, int end) throws IOException {
    int at = start;
    while (at < end && in.at(at) != lineEnd()) {
      at++;
    }
    return at + 1;
  }

  private static boolean isOf(String shape, String value) {
    return !shape.isEmpty() && shape.equals(shape(value));
  }

  /** Returns a value with its runs of digits and of letters as one; empty if it has blanks. */
  private static String shape(String value) {
    if (value.length() > MAX_SHAPE || value.chars().anyMatch(Character::isWhitespace)) {
      return "";
    }
    return value.replaceAll("\\p{N}+", "9").replaceAll("\\p{L}+", "a");
  }

  /** Marks the start of the next line that is not blank. */
  private void skipBlankLines() throws IOException {
    in.mark();
    while (true) {
      int c = in.read();
      while ((c == ' ' || c == '\t' || c == '\r')
          && c != delimiter
          && c != lineEnd()
          && in.offset() < RawRecord.MAX_RAW) {
        c = in.read();
      }
      if (c != lineEnd()) {
        if (c >= 0) {
          in.seek(0);
        }
        return;
      }
      line++;
      in.mark();
      if (isBehindPart()) {
        return;
      }
    }
  }
}
