package io.attune.pipeline.input;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads one record a line, its values between delimiters, without quotes. */
final class TsvReader extends DelimitedReader {
  private static final int LOOK_AHEAD_RECORDS = 50;

  /** Says whether the line at hand is longer than a record may be. */
  private boolean isTooLong;

  TsvReader(Source source) throws IOException {
    super(source);
    if (source.part().head() != null) {
      return;
    } else if (layout.header()) {
      if (nextLine()) {
        requireShortHeader();
        nameColumns(values());
        line++;
      }
    } else {
      Map<Integer, Integer> counts = new HashMap<>();
      long first = line;
      in.mark();
      int start = 0;
      // Without a mark in between, so that the reader can go back.
      for (int i = 0; i < LOOK_AHEAD_RECORDS && in.peek() >= 0; i++) {
        int end = endOfLine();
        if (end > start) {
          counts.merge(split(start, end).size(), 1, Integer::sum);
        }
        start = in.offset();
      }
      in.seek(0);
      line = first;
      numberColumns(mostFrequent(counts));
    }
  }

  private void requireShortHeader() {
    if (isTooLong) {
      throw new Failure.BadInput(
          "'%s': the header in line %d is too long; correct it, or raise"
              + " corpora.max-record-characters",
          file, line);
    }
  }

  static int mostFrequent(Map<Integer, Integer> counts) {
    return counts.entrySet().stream()
        .max(
            Map.Entry.<Integer, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(0);
  }

  @Override
  RawRecord readRow() throws IOException {
    if (!nextLine()) {
      return null;
    }
    long first = line;
    if (isTooLong) {
      return tooLong(first);
    }
    int next = in.offset();
    line++;
    List<String> values = values();
    return record(first, values, values.size(), raw(next));
  }

  /** Moves to the end of the next line that is not blank, or to where it is too long. */
  private boolean nextLine() throws IOException {
    while (in.peek() >= 0 && !isBehindPart()) {
      in.mark();
      int end = endOfLine();
      isTooLong = end > layout.maxRecordCharacters();
      if (isTooLong) {
        in.seek(layout.maxRecordCharacters()); // its end may be read already, and is still to be
      }
      if (isTooLong || !isBlank(end)) {
        return true;
      }
      line++;
    }
    return false;
  }

  /** Reads a line, or more of it than a record may have; returns the offset of what ends it. */
  private int endOfLine() throws IOException {
    int start = in.offset();
    int c = in.read();
    while (c >= 0 && c != lineEnd() && in.offset() - start <= layout.maxRecordCharacters()) {
      in.skipTo(lineEnd(), lineEnd(), lineEnd(), lineEnd());
      c = in.read();
    }
    boolean isWhole = c < 0 || c == lineEnd();
    int end = in.offset() - (c == lineEnd() ? 1 : 0);
    return isWhole && end > start && in.at(end - 1) == '\r' ? end - 1 : end;
  }

  private boolean isBlank(int end) throws IOException {
    for (int i = 0; i < end; i++) {
      if (in.at(i) == delimiter || !Character.isWhitespace(in.at(i))) {
        return false;
      }
    }
    return true;
  }

  private List<String> values() throws IOException {
    int end = in.offset();
    end -= end > 0 && in.at(end - 1) == lineEnd() ? 1 : 0;
    end -= end > 0 && in.at(end - 1) == '\r' ? 1 : 0;
    return split(0, end);
  }

  private List<String> split(int start, int end) throws IOException {
    List<String> values = new ArrayList<>();
    int from = start;
    for (int i = start; i <= end; i++) {
      if (i == end || in.at(i) == delimiter) {
        values.add(in.text(from, i));
        from = i + 1;
      }
    }
    return values;
  }
}
