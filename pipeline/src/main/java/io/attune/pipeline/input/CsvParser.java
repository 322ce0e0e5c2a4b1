package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.QuoteSearch;
import io.attune.pipeline.input.stream.TextWindow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits one record of separated values into its fields (RFC 4180), and notes what a reader has to
 * know to tell a record from damage. A quote counts as closing only before a delimiter or the end
 * of a line; blanks around quotes and around values without them are left out.
 */
final class CsvParser {
  private static final int NONE = -2;

  /** Blanks between a closing quote and the delimiter. */
  private static final int MAX_BLANKS = 1000;

  /** Says how a record ended. */
  enum Ending {
    /** At the end of a line, or of the file. */
    WHOLE,
    /** A quote is open at the end of the file, or where the record is too long. */
    OPEN,
    /** The record is too long; no quote is open. */
    TOO_LONG
  }

  private final TextWindow in;
  private final char delimiter;
  private final char quote;
  private final int escape;
  private final int lineEnd;
  private final int maxCharacters;
  private final List<String> values = new ArrayList<>();
  private int recordStart;
  private int count;
  private Ending ending;
  private int lines;
  private boolean bare;
  private boolean unescape;

  /**
   * Lines and offset behind the first line end in the value that opened last; -1 if it has none.
   */
  private int linesAtOpen;

  private int offsetBehindOpen;

  private QuoteSearch search;
  private QuoteSearch failed = new QuoteSearch(0, false);

  /** Says whether lines were passed over that are not counted. */
  private boolean uncounted;

  /**
   * @param carriageReturns whether records end with a carriage return, else with a line feed
   */
  CsvParser(TextWindow in, FileLayout layout, char delimiter, boolean carriageReturns) {
    this.in = in;
    this.delimiter = delimiter;
    this.quote = layout.quoteCharacter();
    boolean doubled = layout.escape() == null || layout.escape().charAt(0) == quote;
    this.escape = doubled ? NONE : layout.escape().charAt(0);
    this.lineEnd = carriageReturns ? '\r' : '\n';
    this.maxCharacters = layout.maxRecordCharacters();
  }

  /**
   * Reads to the end of the record.
   *
   * @param columns expected, 0 if that is not known; values behind them are counted and not kept
   */
  void parse(int columns) throws IOException {
    values.clear();
    recordStart = in.offset();
    count = 0;
    lines = 0;
    bare = false;
    uncounted = false;
    ending = null;
    linesAtOpen = 0;
    offsetBehindOpen = -1;
    while (ending == null) {
      if (in.offset() > maxCharacters) {
        ending = Ending.TOO_LONG;
        recount();
        return;
      }
      boolean keep = columns == 0 || count <= columns;
      String value = field(columns);
      if (keep && value != null) {
        values.add(value);
      }
      count++;
    }
  }

  /** Reads one value and what ends it; sets {@link #ending} where that ends the record. */
  private String field(int columns) throws IOException {
    int start = in.offset();
    int c = in.read();
    while (isBlank(c) && in.offset() < maxCharacters) {
      c = in.read();
    }
    if (c == quote) {
      return quoted(columns);
    }
    while (c != delimiter && c != lineEnd && c >= 0) {
      if (in.offset() > maxCharacters) {
        ending = Ending.TOO_LONG;
        recount();
        return null;
      }
      in.skipTo(delimiter, lineEnd, NONE, NONE);
      c = in.read();
    }
    int end = in.offset() - (c < 0 ? 0 : 1);
    ends(c);
    return trimmed(start, end);
  }

  private void ends(int c) throws IOException {
    if (c != delimiter) {
      lines += c == lineEnd ? 1 : 0;
      ending = Ending.WHOLE;
      recount();
    }
  }

  /** Counts the lines of the record so far, if some were passed over. */
  private void recount() throws IOException {
    if (uncounted) {
      lines = 0;
      for (int i = recordStart; i < in.offset(); i++) {
        lines += in.at(i) == lineEnd ? 1 : 0;
      }
      uncounted = false;
    }
  }

  private boolean isBlank(int c) {
    return (c == ' ' || c == '\t' || (c == '\r' && lineEnd != '\r')) && c != delimiter;
  }

  private String trimmed(int start, int end) throws IOException {
    while (start < end && isBlank(in.at(start))) {
      start++;
    }
    while (start < end && isBlank(in.at(end - 1))) {
      end--;
    }
    return in.text(start, end);
  }

  private String quoted(int columns) throws IOException {
    int start = in.offset();
    search = new QuoteSearch(in.position(), bare);
    recount();
    linesAtOpen = lines;
    offsetBehindOpen = -1;
    unescape = false;
    while (true) {
      in.skipTo(quote, escape, lineEnd, '\r');
      int c = in.read();
      if (c < 0 || in.offset() > maxCharacters) {
        ending = Ending.OPEN;
        search.endsAt(in.position() - (c < 0 ? 0 : 1));
        failed = search.until() >= failed.until() ? search : failed;
        if (c == lineEnd) {
          in.seek(in.offset() - 1); // the rest of the line is passed over, and not the next one
        }
        return null;
      } else if (c == quote) {
        int end = in.offset() - 1;
        if (in.peek() == quote && !(bare && closes(in.offset() + 1))) {
          in.read();
          unescape = true;
        } else if (in.peek() != quote && closes(in.offset())) {
          toEnd();
          return value(start, end);
        } else {
          bare = true;
          search.bare(in.position());
        }
      } else if (c == escape) {
        skipEscapes();
      } else if (c == lineEnd) {
        lines++;
        unescape = true;
        if (offsetBehindOpen < 0) {
          offsetBehindOpen = in.offset();
          if (bare && fitsWithoutQuotes(columns)) {
            ending = Ending.WHOLE;
            return null;
          }
          skipWhereNothingCloses();
        }
      } else if (c == '\r') {
        unescape = true;
      }
    }
  }

  /** Goes on where an earlier search for a closing quote ended, if this one would find none too. */
  private void skipWhereNothingCloses() throws IOException {
    long at = in.position();
    long ahead = Math.min(failed.until() - at, maxCharacters - in.offset());
    boolean isAlike = failed.speaksFor(bare, at);
    if (isAlike && ahead > 0 && in.at(in.offset() + (int) ahead - 1) >= 0) {
      in.seek(in.offset() + (int) ahead);
      uncounted = true;
      bare |= search.takes(failed, at);
    }
  }

  /**
   * Moves behind a run of escapes, and the quote that it escapes. Escapes that are not before a
   * quote stand for themselves, as writers leave them.
   */
  private void skipEscapes() throws IOException {
    int run = 1;
    while (in.peek() == escape) {
      in.read();
      run++;
    }
    if (in.peek() == quote) {
      unescape = true;
      if (run % 2 == 1) {
        in.read();
      }
    }
  }

  /** Returns whether what follows an offset is blanks and a delimiter or the end of a line. */
  private boolean closes(int offset) throws IOException {
    int c = in.at(offset);
    for (int i = offset + 1; isBlank(c) && i < offset + MAX_BLANKS; i++) {
      c = in.at(i);
    }
    return c < 0 || c == delimiter || c == lineEnd;
  }

  private void toEnd() throws IOException {
    int c = in.read();
    while (isBlank(c)) {
      c = in.read();
    }
    ends(c);
  }

  /**
   * Returns whether the line that ends here has the expected number of values when its quotes are
   * taken as they are, and reads it so: {@code "Great" product,5}. One quote more or less says that
   * a quote was opened.
   */
  private boolean fitsWithoutQuotes(int columns) throws IOException {
    if (lines != 1 || columns == 0) {
      return false;
    }
    int end = in.offset() - 1;
    int quotes = 0;
    int delimiters = 0;
    for (int i = recordStart; i < end; i++) {
      int c = in.at(i);
      quotes += c == quote ? 1 : 0;
      delimiters += c == delimiter ? 1 : 0;
    }
    if (delimiters + 1 != columns || quotes % 2 == 1) {
      return false;
    }
    values.clear();
    int start = recordStart;
    for (int i = recordStart; i <= end; i++) {
      if (i == end || in.at(i) == delimiter) {
        values.add(trimmed(start, i));
        start = i + 1;
      }
    }
    count = columns - 1;
    return true;
  }

  private String value(int start, int end) throws IOException {
    if (!unescape) {
      return in.text(start, end);
    }
    StringBuilder value = new StringBuilder(end - start);
    for (int i = start; i < end; i++) {
      int c = in.at(i);
      if (c == quote && i + 1 < end && in.at(i + 1) == quote) {
        i++;
      } else if (c == escape) {
        i = unescaped(i, end, value);
        continue;
      } else if (c == '\r') {
        i += i + 1 < end && in.at(i + 1) == '\n' ? 1 : 0;
        c = '\n';
      }
      value.append((char) c);
    }
    return value.toString();
  }

  /** Appends a run of escapes and returns the offset of its last character. */
  private int unescaped(int start, int end, StringBuilder value) throws IOException {
    int behind = start;
    while (behind < end && in.at(behind) == escape) {
      behind++;
    }
    int run = behind - start;
    boolean beforeQuote = in.at(behind) == quote;
    for (int i = 0; i < (beforeQuote ? run / 2 : run); i++) {
      value.append((char) escape);
    }
    if (beforeQuote && run % 2 == 1) {
      value.append(quote);
      return behind;
    }
    return behind - 1;
  }

  /** Returns the values; fewer than {@link #count} where these are more than expected. */
  List<String> values() {
    return values;
  }

  int count() {
    return count;
  }

  Ending ending() {
    return ending;
  }

  /** Returns the line ends that were read. */
  int lines() {
    return lines;
  }

  /** Returns whether a quoted value holds a quote that is neither escaped nor closing. */
  boolean bare() {
    return bare;
  }

  /** Returns the line ends before the quote that opened last. */
  int linesAtOpen() {
    return linesAtOpen;
  }

  /**
   * Returns the offset behind the line in which that quote opened; -1 if that line does not end.
   */
  int offsetBehindOpen() {
    return offsetBehindOpen;
  }
}
