package io.attune.pipeline.input;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
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
    if (text.regionMatches(true, 0, "sep=", 0, 4)) {
      Trial named = trial(start.withDelimiter(null), text);
      if (named.columns > 1) {
        String delimiter = text.substring(4, 5);
        best = bestQuotes(trial(start.withDelimiter(delimiter), text), text);
        remarks.add("the first line says that the delimiter is '" + visible(delimiter) + "'");
      }
    } else {
      Trial next = bestQuotes(ranked.get(1), text);
      if (best.columns < 2) {
        remarks.add("no delimiter fits: each record is one column");
      } else if (next.columns > 1 && next.score() > best.score() - DOUBT) {
        remarks.add(
            "delimiter %s; %s is nearly as good".formatted(described(best), described(next)));
      } else if (!",".equals(best.layout.delimiter()) && best.layout.format() == Format.CSV) {
        remarks.add("delimiter " + described(best));
      }
    }
    describeQuotes(best, remarks);
    HeaderGuess header = HeaderGuess.of(rows(best.layout.withoutHeader(), text));
    remarks.addAll(header.remarks());
    return new LayoutGuess(
        header.isHeader() ? best.layout.withHeader() : best.layout.withoutHeader(), remarks);
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
    return delimiter.equals("\t") ? "\\t" : delimiter;
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
