package io.attune.pipeline.input;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells whether the first record of a file names its columns.
 *
 * @param remarks why not, or what is in doubt; sentences for a person
 */
record HeaderGuess(boolean isHeader, List<String> remarks) {
  private static final Pattern NUMBER_OR_DATE =
      Pattern.compile(
          "[-+]?\\d+([.,]\\d+)?%?|\\d{4}-\\d{2}-\\d{2}.*|\\d{1,2}[/.]\\d{1,2}[/.]\\d{2,4}");

  /** Words and characters from which on a value is a sentence. */
  private static final int SENTENCE_WORDS = 6;

  private static final int SENTENCE_CHARACTERS = 60;

  /** Share of a column that must be numbers for it to be one of numbers. */
  private static final double TYPED = 0.9;

  /**
   * Compares the first record with the others.
   *
   * @param rows values of each record
   */
  static HeaderGuess of(List<List<String>> rows) {
    if (rows.size() < 2) {
      return new HeaderGuess(true, List.of());
    }
    List<String> first = rows.get(0);
    List<String> against = new ArrayList<>();
    int typed = 0;
    for (int column = 0; column < first.size(); column++) {
      String name = first.get(column).strip();
      long numbers = 0;
      long same = 0;
      for (List<String> row : rows.subList(1, rows.size())) {
        String value = row.get(column).strip();
        numbers += NUMBER_OR_DATE.matcher(value).matches() ? 1 : 0;
        same += !name.isEmpty() && value.equals(name) ? 1 : 0;
      }
      boolean isNumber = NUMBER_OR_DATE.matcher(name).matches();
      typed += !isNumber && !name.isEmpty() && numbers >= TYPED * (rows.size() - 1) ? 1 : 0;
      if (isNumber) {
        against.add("'%s' is a number or a date".formatted(name));
      } else if (same >= 2) {
        against.add("'%s' stands %,d times below".formatted(name, same));
      } else if (isSentence(name)) {
        against.add(
            "'%s…' is a sentence".formatted(name.substring(0, Math.min(30, name.length()))));
      }
    }
    if (against.isEmpty()) {
      return new HeaderGuess(true, List.of());
    }
    boolean isHeader = typed >= against.size();
    String why = String.join(", ", against.subList(0, Math.min(3, against.size())));
    return new HeaderGuess(
        isHeader,
        List.of(
            isHeader
                ? "the first record is taken as the header, though " + why
                : "no header (header: false; the columns are 1, 2, 3, …): in the first record "
                    + why));
  }

  private static boolean isSentence(String value) {
    return value.length() > SENTENCE_CHARACTERS
        || value.split("\\s+").length >= SENTENCE_WORDS
        || value.codePoints().filter(Character::isIdeographic).count() >= 3 * SENTENCE_WORDS;
  }
}
