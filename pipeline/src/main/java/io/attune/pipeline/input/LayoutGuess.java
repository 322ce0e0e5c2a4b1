package io.attune.pipeline.input;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds how the values of a text lie in columns: for each delimiter and each way of quoting it
 * reads the text, and compares in how many records the number of values is the same.
 *
 * @param layout the best
 * @param remarks sentences for a person, where there was doubt or something unusual
 */
record LayoutGuess(FileLayout layout, List<String> remarks) {
  private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|");

  /** Stand in sentences, so that the same number on each line says nothing. */
  private static final String OF_SENTENCES = ".,;:!?'\"()-‐–—…·，。、；：！？（）《》“”‘’「」『』【】/&%+$€£¥";

  /** Share of records that an unusual delimiter must fit: it is taken on no other evidence. */
  private static final double NEARLY_ALL = 0.98;

  /** Share of records that a usual delimiter must fit for no other to be looked for. */
  private static final double MOST = 0.9;

  private static final int LEAST_LINES = 10;

  /** Lines before the header, such as a title and a date. */
  private static final int MOST_BEFORE = 20;

  /** Share of records that another way of quoting must save: one quote may be a typing error. */
  private static final double CLEARLY = 0.02;

  /** Records that say how values are quoted. */
  private static final int RECORDS = 5000;

  /** Scores nearer than this leave doubt. */
  private static final double DOUBT = 0.1;

  /** Holds what reading with one layout gave. */
  private record Trial(
      FileLayout layout, int columns, boolean firstFits, long good, long faulty, long bare) {
    double fits() {
      return good == 0 ? 0 : (double) good / (good + faulty);
    }

    /** Weighs agreement: one column always agrees and says little, two may by chance. */
    double score() {
      double weight = columns < 2 ? 0.1 : columns == 2 ? 0.9 : 1;
      return weight * (firstFits ? 1 : 0.5) * fits() * fits();
    }
  }

  /**
   * Guesses the layout of CSV or TSV.
   *
   * @param text the start of a file, to the end of a line
   */
  static LayoutGuess of(FileLayout start, String text) throws IOException {
    List<String> remarks = new ArrayList<>();
    List<Trial> trials = new ArrayList<>();
    for (String delimiter : DELIMITERS) {
      trials.add(trial(start.withDelimiter(delimiter), text));
    }
    List<Trial> ranked = new ArrayList<>(trials);
    ranked.sort(Comparator.comparing(trial -> -bestQuotes(trial, text).score()));
    Trial best = bestQuotes(ranked.get(0), text);
    Trial unusual = best.columns > 1 && best.fits() >= MOST ? null : unusual(start, text);
    if (text.regionMatches(true, 0, "sep=", 0, 4)) {
      Trial named = trial(start.withDelimiter(null), text);
      if (named.columns > 1) {
        String delimiter = text.substring(4, 5);
        best = bestQuotes(trial(start.withDelimiter(delimiter), text), text);
        remarks.add("the first line says that the delimiter is '" + visible(delimiter) + "'");
      }
    } else if (unusual != null) {
      best = unusual;
      remarks.add(
          "delimiter %s, which is unusual; the next-best guess is one column"
              .formatted(described(best)));
    } else {
      Trial next = bestQuotes(ranked.get(1), text);
      if (best.columns < 2) {
        remarks.add(
            "no delimiter fits: each record is one column; if a label stands in it too, divide them by"
                + " one character and name it (delimiter)");
      } else if (next.columns > 1 && next.score() > best.score() - DOUBT) {
        remarks.add(
            "delimiter %s; %s is nearly as good".formatted(described(best), described(next)));
      } else if (!",".equals(best.layout.delimiter()) && best.layout.format() == Format.CSV) {
        remarks.add("delimiter " + described(best));
      }
    }
    describeQuotes(best, remarks);
    int before = linesBefore(best, text);
    if (before > 0) {
      best = trial(best.layout.withSkipLines(before), text);
      String first = text.lines().findFirst().orElse("").strip();
      remarks.add(
          "the first %d lines are not read (skip-lines: %d), since %d columns begin behind them: '%s…';"
                  .formatted(
                      before,
                      before,
                      best.columns,
                      first.substring(0, Math.min(30, first.length())))
              + " the next-best guess is that they are damaged");
    }
    int titles = before > 0 ? 0 : paddedTitles(best.layout, text);
    if (titles > 0) {
      best = trial(best.layout.withSkipLines(titles), text);
      remarks.add(
          "the first %d line(s) are not read (skip-lines: %d), since they are a title and the columns have"
                  .formatted(titles, titles)
              + " their names behind them; the next-best guess is that the first line is the header");
    }
    HeaderGuess header = HeaderGuess.of(rows(best.layout.withoutHeader(), text));
    remarks.addAll(header.remarks());
    return new LayoutGuess(
        header.isHeader() ? best.layout.withHeader() : best.layout.withoutHeader(), remarks);
  }

  /**
   * Finds another character that divides nearly all records alike: first among those that stand in
   * each of the first lines. Null if there is none.
   */
  private static Trial unusual(FileLayout start, String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).limit(RECORDS).toList();
    if (lines.size() < LEAST_LINES) {
      return null;
    }
    Map<Integer, Long> having = new HashMap<>();
    for (String line : lines) {
      line.chars()
          .filter(LayoutGuess::mayDelimit)
          .distinct()
          .forEach(c -> having.merge(c, 1L, Long::sum));
    }
    return having.entrySet().stream()
        .filter(entry -> entry.getValue() >= NEARLY_ALL * lines.size())
        .map(entry -> trial(start.withDelimiter(Character.toString(entry.getKey())), text))
        .map(trial -> bestQuotes(trial, text))
        .filter(trial -> trial.columns > 1 && trial.fits() >= NEARLY_ALL)
        .max(
            Comparator.comparing(Trial::fits)
                .thenComparing(trial -> trial.layout.delimiter(), Comparator.reverseOrder()))
        .orElse(null);
  }

  private static boolean mayDelimit(int c) {
    boolean isControl = c < ' ' && c != 0 && c != '\n' && c != '\r';
    return isControl
        || (!Character.isLetterOrDigit(c)
            && !Character.isWhitespace(c)
            && !Character.isSpaceChar(c)
            && !Character.isSurrogate((char) c)
            && !Character.isISOControl(c)
            && Character.getType(c) != Character.NON_SPACING_MARK
            && Character.getType(c) != Character.FORMAT
            && c != 0xFFFD
            && OF_SENTENCES.indexOf(c) < 0
            && !DELIMITERS.contains(Character.toString(c)));
  }

  /** Returns how many lines stand before the first with as many values as most records have. */
  private static int linesBefore(Trial best, String text) {
    if (best.firstFits || best.columns < 2) {
      return 0;
    }
    int start = 0;
    for (int line = 1; line <= MOST_BEFORE; line++) {
      int feed = text.indexOf('\n', start);
      if (feed < 0) {
        return 0;
      }
      start = feed + 1;
      Trial rest = trial(best.layout, text.substring(start));
      if (rest.firstFits && rest.columns == best.columns) {
        return line;
      }
    }
    return 0;
  }

  /**
   * Returns how many lines stand before the header that have one value and are padded with
   * delimiters, as spreadsheets write a title; 0 if no header follows them.
   */
  private static int paddedTitles(FileLayout layout, String text) throws IOException {
    int titles = 0;
    int lines = 0;
    try (RecordReader reader = RecordReader.of(layout.withoutHeader(), text)) {
      for (int i = 0; i <= MOST_BEFORE && reader.hasNext(); i++) {
        RawRecord record = reader.next();
        int columns = reader.header().size();
        long filled = record.fields().values().stream().filter(v -> !v.isBlank()).count();
        if (record.fault() != null || columns < 2) {
          return 0;
        } else if (filled == columns) {
          lines = (int) record.line() - 1;
          break;
        } else if (filled > 1 || (titles == 0 && filled == 0)) {
          return 0;
        }
        titles++;
      }
    }
    if (titles == 0 || lines == 0) {
      return 0;
    }
    List<List<String>> rows = rows(layout.withSkipLines(lines).withoutHeader(), text);
    boolean isHeader = rows.size() > 2 && HeaderGuess.of(rows).remarks().isEmpty();
    return isHeader ? lines : 0;
  }

  private static void describeQuotes(Trial best, List<String> remarks) {
    if ("\\".equals(best.layout.escape())) {
      remarks.add("quotes within values are escaped with a backslash");
    } else if ("".equals(best.layout.quote())) {
      remarks.add("quotes are taken as they are: with quotes around values, fewer records fit");
    } else if (best.layout.quote() != null) {
      remarks.add("values are quoted with " + best.layout.quote());
    }
  }

  private static String described(Trial trial) {
    return "'%s' (%,d of %,d records have %d columns)"
        .formatted(
            visible(trial.layout.delimiter()),
            trial.good,
            trial.good + trial.faulty,
            trial.columns);
  }

  private static String visible(String delimiter) {
    return delimiter.equals("\t")
        ? "\\t"
        : delimiter.charAt(0) < ' ' ? "\\u%04x".formatted((int) delimiter.charAt(0)) : delimiter;
  }

  /** Tries other ways of quoting, and takes one only where it clearly fits better. */
  private static Trial bestQuotes(Trial plain, String text) {
    Trial best = plain;
    if (plain.columns < 2 && plain.faulty == 0) {
      return plain;
    }
    FileLayout layout = plain.layout;
    char quote = layout.quoteCharacter();
    if (layout.hasQuotes(layout.format()) && text.indexOf("\\" + quote) >= 0) {
      Trial escaped = trial(layout.withQuotes(layout.quote(), "\\"), text);
      if (escaped.faulty <= best.faulty
          && escaped.faulty + escaped.bare < best.faulty + best.bare) {
        best = escaped;
      }
    }
    for (String other : new String[] {"", "\"", "'"}) {
      Trial trial = trial(layout.withQuotes(other, null), text);
      if (quotesMost(layout, other, trial, text)) {
        return trial;
      }
      boolean mayBe = trial.columns == best.columns || best.columns < 2 || !best.firstFits;
      if (mayBe && trial.score() > best.score() + CLEARLY) {
        best = trial;
      }
    }
    return best;
  }

  /** Returns whether TSV, which has no quotes by default, has them around values all the same. */
  private static boolean quotesMost(FileLayout layout, String quote, Trial trial, String text) {
    if (layout.format() != Format.TSV || quote.isEmpty()) {
      return false;
    }
    String opening = layout.delimiterOf(Format.TSV) + quote;
    long opened = text.lines().filter(line -> line.contains(opening)).count();
    return opened > trial.good / 2 && trial.fits() > 1 - CLEARLY && trial.columns > 1;
  }

  private static Trial trial(FileLayout layout, String text) {
    FileLayout bare = layout.withoutHeader();
    long good = 0;
    long faulty = 0;
    boolean firstFits = false;
    try (RecordReader reader = RecordReader.of(bare, text)) {
      while (reader.read() < RECORDS && reader.hasNext()) {
        boolean isGood = reader.next().fault() == null;
        firstFits |= isGood && reader.read() == 1;
        good += isGood ? 1 : 0;
        faulty += isGood ? 0 : 1;
      }
      long literal = reader instanceof CsvReader csv ? csv.bare() : 0;
      return new Trial(layout, reader.header().size(), firstFits, good, faulty, literal);
    } catch (IOException e) {
      throw new Failure.BadInput(e, "Cannot read a text in memory: %s", e.getMessage());
    }
  }

  private static List<List<String>> rows(FileLayout layout, String text) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    try (RecordReader reader = RecordReader.of(layout, text)) {
      while (rows.size() < RECORDS && reader.hasNext()) {
        RawRecord record = reader.next();
        Map<String, String> fields = record.fields();
        if (record.fault() == null) {
          rows.add(reader.header().stream().map(name -> fields.getOrDefault(name, "")).toList());
        } else if (rows.isEmpty()) {
          return rows;
        }
      }
    }
    return rows;
  }
}
