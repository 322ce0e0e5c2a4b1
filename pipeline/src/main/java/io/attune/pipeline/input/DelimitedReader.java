package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.FileBytes;
import io.attune.pipeline.input.stream.LineEnds;
import io.attune.pipeline.input.stream.TextRange;
import io.attune.pipeline.input.stream.TextWindow;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** Reads values in columns: what is before the first record, and what is common to its records. */
abstract class DelimitedReader extends RecordReader {
  /** Says in a first line which delimiter Excel is to take. */
  private static final Pattern SEPARATOR_LINE = Pattern.compile("(?i)\"?sep=(.)\"?\\s*");

  private static final int LOOK_AHEAD = 1 << 16;
  private static final int SEPARATOR_LINE_LENGTH = 10;

  final TextWindow in;
  final FileLayout layout;
  final String file;
  final char delimiter;
  final boolean carriageReturns;

  /** The line of the next character, from 1. */
  long line;

  private final Part part;
  private List<String> header = List.of();
  private boolean isBehindHead;
  private boolean isAtEnd;

  DelimitedReader(Source source) throws IOException {
    super(source);
    this.in = text();
    this.layout = source.layout();
    this.file = source.file();
    this.part = source.part();
    this.line = 1 + part.linesBefore();
    if (part.head() != null) {
      this.carriageReturns = part.head().carriageReturns();
      this.delimiter = part.head().delimiter();
      this.header = part.head().header();
      return;
    }
    this.carriageReturns = endsLinesWithCarriageReturns();
    for (int i = 0; i < layout.skipLines(); i++) {
      skipLine();
    }
    Matcher separator = SEPARATOR_LINE.matcher(start());
    boolean hasSeparator = separator.matches();
    if (hasSeparator) {
      skipLine();
    }
    this.delimiter =
        hasSeparator && layout.delimiter() == null
            ? separator.group(1).charAt(0)
            : source.delimiter();
  }

  /** Reads the next row; null at the end. */
  abstract RawRecord readRow() throws IOException;

  /**
   * Passes over rows without any value, which spreadsheets write behind the last, as blank lines.
   */
  @Override
  final RawRecord readNext() throws IOException {
    isBehindHead = true;
    RawRecord row = isBehindPart() ? null : readRow();
    while (row != null && row.fault() == null && row.fields().isEmpty()) {
      row = isBehindPart() ? null : readRow();
    }
    isAtEnd = row == null && in.peek() < 0;
    return row;
  }

  /** Returns whether the records that begin here are those of the next part of the file. */
  final boolean isBehindPart() {
    return isBehindHead && part.limit().isReachedAfter(linesRead());
  }

  @Override
  public final List<String> header() {
    return header;
  }

  @Override
  public final Optional<Head> head() {
    return Optional.of(new Head(header, delimiter, carriageReturns));
  }

  private long linesRead() {
    return line - 1 - part.linesBefore();
  }

  /** Returns where the last record of a range ended, when all were read. */
  final End end(Range range, Configuration hadoop) throws IOException {
    long size = FileBytes.lengthOf(file, hadoop);
    long lines = linesRead();
    long behind = lines - part.limit().lines();
    if (isAtEnd || behind == 0) {
      return new End(isAtEnd ? size : range.to(), lines);
    }
    TextRange rest = new TextRange(file, range.to(), size, layout.encoding());
    return new End(LineEnds.offsetBehind(behind, range.head().lineEnd(), rest, hadoop), lines);
  }

  final int columns() {
    return header.size();
  }

  /** Names the columns by the values of the first record. */
  final void nameColumns(List<String> names) {
    List<String> named = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    Set<String> twice = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).strip();
      name = name.isEmpty() ? String.valueOf(i + 1) : name;
      named.add(name);
      if (!seen.add(name)) {
        twice.add("'" + name + "'");
      }
    }
    if (!twice.isEmpty()) {
      throw new Failure.BadInput(
          "'%s': the header has %s twice; rename the columns, or set corpora.header to false if it"
              + " is no header, then they are 1, 2, 3, …",
          file, String.join(" and ", twice));
    }
    header = List.copyOf(named);
  }

  final void numberColumns(int count) {
    header = IntStream.rangeClosed(1, count).mapToObj(String::valueOf).toList();
  }

  /** Makes a record of values, or a fault of what they are. */
  final RawRecord record(long first, List<String> values, int count, String raw) {
    if (count != header.size()) {
      // Not by a format: a file may hold a thousand million such lines.
      return RawRecord.malformed(
          first, raw, "the header has " + header.size() + " columns, the record " + count);
    }
    if (layout.header() && isHeader(values)) {
      return RawRecord.malformed(
          first, raw, "the header stands here again: the file was put together from several");
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String value = values.get(i);
      if (value.indexOf('\0') >= 0) {
        return RawRecord.malformed(first, raw, "the record holds the character 0: it is damaged");
      }
      if (!value.isEmpty()) {
        fields.put(header.get(i), value);
      }
    }
    return RawRecord.of(first, fields, raw);
  }

  private boolean isHeader(List<String> values) {
    String first = values.get(0).strip();
    first = first.startsWith("\uFEFF") ? first.substring(1) : first;
    if (!first.equals(header.get(0))) {
      return false;
    }
    return IntStream.range(1, header.size())
        .allMatch(i -> header.get(i).equals(values.get(i).strip()));
  }

  final RawRecord tooLong(long first) throws IOException {
    String raw = raw(Math.min(in.offset(), RawRecord.MAX_RAW));
    skipLine();
    return RawRecord.malformed(
        first,
        raw,
        "the record has more than %,d characters; raise corpora.max-record-characters if it is one"
            .formatted(layout.maxRecordCharacters()));
  }

  /** Returns the characters from the mark to an offset, without the line end and cut. */
  final String raw(int end) throws IOException {
    int to = Math.min(end, RawRecord.MAX_RAW);
    while (to > 0 && (in.at(to - 1) == '\n' || in.at(to - 1) == '\r')) {
      to--;
    }
    return in.text(0, to);
  }

  final int lineEnd() {
    return carriageReturns ? '\r' : '\n';
  }

  /** Moves to the next line, whatever the length of this one, and marks it. */
  final void skipLine() throws IOException {
    int c = in.read();
    while (c >= 0 && c != lineEnd()) {
      in.mark();
      c = in.read();
    }
    line += c < 0 ? 0 : 1;
    in.mark();
  }

  /**
   * Returns whether lines end as on an old Mac. In a file with line feeds a carriage return by
   * itself is a character like others.
   */
  private boolean endsLinesWithCarriageReturns() throws IOException {
    long returns = 0;
    long feeds = 0;
    boolean within = false;
    for (int i = 0; i < LOOK_AHEAD && in.at(i) >= 0; i++) {
      int c = in.at(i);
      within ^= c == layout.quoteCharacter();
      if (c == '\r' && in.at(i + 1) != '\n') {
        returns += within ? 0 : 1;
      } else if (c == '\n') {
        feeds += within ? 0 : 1;
      }
    }
    return returns > feeds;
  }

  private String start() throws IOException {
    StringBuilder start = new StringBuilder();
    for (int i = 0; i < SEPARATOR_LINE_LENGTH; i++) {
      int c = in.at(in.offset() + i);
      if (c < 0 || c == lineEnd()) {
        break;
      }
      start.append((char) c);
    }
    return start.toString();
  }
}
