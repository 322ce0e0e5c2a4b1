package io.attune.jobs.init;

import io.attune.pipeline.input.value.DateGuess;
import io.attune.pipeline.input.value.LabelText;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Describes the values of one column.
 *
 * @param name as it is read
 * @param values of the sample that are not blank
 * @param records of the sample
 * @param counts how often each value occurs, in the whole file if it was counted, else in the
 *     sample
 * @param total records that the counts are of
 * @param kind what the values look like
 * @param date the form of dates, where the values are some
 */
record ColumnProfile(
    ColumnName name,
    List<String> values,
    int records,
    Map<String, Long> counts,
    long total,
    Kind kind,
    Optional<DateGuess> date) {
  /** Says what values look like. */
  enum Kind {
    EMPTY("no value"),
    OBJECT("JSON objects"),
    LIST("lists"),
    URL("URLs"),
    DATE("dates"),
    NUMBER("numbers"),
    BOOLEAN("yes or no"),
    CODE("codes or paths"),
    KEYWORDS("lists of keywords"),
    PROSE("sentences"),
    WORDS("words");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** Returns what messages call it. */
    String words() {
      return words;
    }
  }

  private static final Pattern OBJECT = Pattern.compile("\\s*\\{.*\\}\\s*", Pattern.DOTALL);
  private static final Pattern LIST = Pattern.compile("\\s*\\[.*\\]\\s*", Pattern.DOTALL);
  private static final Pattern URL =
      Pattern.compile("\\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*://|www\\.)\\S+\\s*");
  private static final Pattern NUMBER =
      Pattern.compile("\\s*[+-]?[$€£¥]?\\d[\\d,]*(\\.\\d+)?([eE][+-]?\\d+)?\\s*%?\\s*");
  private static final Pattern CODE =
      Pattern.compile(
          "\\s*(?:[0-9a-fA-F]{8,}|[0-9a-fA-F-]{16,}|(?=\\S*\\d)(?=\\S*[A-Za-z])[A-Za-z0-9_./:#+=-]+"
              + "|(?:[A-Za-z]:)?[/\\\\]\\S+|\\S+@\\S+\\.\\S+)\\s*");
  private static final Set<String> BOOLEANS =
      Set.of("true", "false", "yes", "no", "t", "f", "y", "n");
  private static final Pattern SENTENCE_END = Pattern.compile("[.!?。！？]\\s|[.!?。！？]$");
  private static final Pattern SEPARATOR = Pattern.compile("[,;|、，；]");
  private static final double MOST = 0.8;
  private static final int TRIED = 500;

  static ColumnProfile of(
      String name, List<String> values, int records, Map<String, Long> counted, long total) {
    Map<String, Long> counts = new LinkedHashMap<>();
    if (counted == null) {
      values.forEach(value -> counts.merge(value, 1L, Long::sum));
    } else {
      counted.forEach(
          (value, count) -> {
            if (!value.isBlank()) {
              counts.put(value, count);
            }
          });
    }
    ColumnName read = ColumnName.of(name);
    List<String> filled =
        values.stream().filter(value -> !LabelText.NULL_WORDS.contains(value.strip())).toList();
    List<String> few = filled.size() <= TRIED ? filled : filled.subList(0, TRIED);
    Optional<DateGuess> date =
        few.isEmpty() || DateGuess.of(few).isEmpty() ? Optional.empty() : DateGuess.of(filled);
    date = date.filter(guess -> !guess.numeric() || read.isDate());
    return new ColumnProfile(
        read, values, records, counts, counted == null ? records : total, kind(few, date), date);
  }

  private static Kind kind(List<String> values, Optional<DateGuess> date) {
    if (values.isEmpty()) {
      return Kind.EMPTY;
    } else if (most(values, OBJECT)) {
      return Kind.OBJECT;
    } else if (most(values, LIST)) {
      return Kind.LIST;
    } else if (most(values, URL)) {
      return Kind.URL;
    } else if (date.isPresent()) {
      return Kind.DATE;
    } else if (most(values, NUMBER)) {
      return Kind.NUMBER;
    } else if (values.stream().allMatch(v -> BOOLEANS.contains(LabelText.key(v)))) {
      return Kind.BOOLEAN;
    } else if (most(values, CODE)) {
      return Kind.CODE;
    } else if (share(values, ColumnProfile::isKeywords) >= MOST) {
      return Kind.KEYWORDS;
    }
    return share(values, value -> weight(value) >= 3) >= 0.5 ? Kind.PROSE : Kind.WORDS;
  }

  private static boolean most(List<String> values, Pattern pattern) {
    return share(values, value -> pattern.matcher(value).matches()) >= MOST;
  }

  private static double share(List<String> values, Predicate<String> is) {
    return values.isEmpty() ? 0 : (double) values.stream().filter(is).count() / values.size();
  }

  private static boolean isKeywords(String value) {
    String[] parts = SEPARATOR.split(value, -1);
    return parts.length >= 3
        && !SENTENCE_END.matcher(value).find()
        && weight(value) <= 2.2 * parts.length;
  }

  /** Returns about how many words a value has; a Chinese word has one or two characters. */
  static double weight(String value) {
    double words = 0;
    boolean within = false;
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      i += Character.charCount(point);
      boolean letter = Character.isLetter(point);
      if (letter && Character.isIdeographic(point)) {
        words += 0.65;
        within = false;
      } else {
        words += letter && !within ? 1 : 0;
        within = letter || (within && (point == '\'' || Character.isDigit(point)));
      }
    }
    return words;
  }

  String column() {
    return name.name();
  }

  /** Returns the fraction of the sample's records that have a value. */
  double filled() {
    return records == 0 ? 0 : (double) values.size() / records;
  }

  /** Returns the fraction of the values that occur for the first time. */
  double distinctShare() {
    return values.isEmpty() ? 0 : (double) new HashSet<>(values).size() / values.size();
  }

  /** Returns whether every record has a value of its own. */
  boolean isUnique() {
    return values.size() == records
        && distinctShare() == 1
        && counts.values().stream().allMatch(count -> count == 1);
  }

  boolean isConstant() {
    return counts.size() == 1;
  }

  double meanWeight() {
    return values.stream().mapToDouble(ColumnProfile::weight).average().orElse(0);
  }

  double proseShare() {
    return share(values, value -> weight(value) >= 3);
  }

  /** Returns the fraction of letters among the characters that are not blank. */
  double letterShare() {
    long letters = 0;
    long all = 0;
    for (String value : values) {
      letters += value.codePoints().filter(Character::isLetter).count();
      all += value.codePoints().filter(point -> !Character.isWhitespace(point)).count();
    }
    return all == 0 ? 0 : (double) letters / all;
  }

  /** Returns whether whole numbers follow each other, as rows are numbered. */
  boolean isCounter() {
    try {
      long last = values.stream().mapToLong(value -> Long.parseLong(value.strip())).max().orElse(0);
      return isUnique() && last <= total + 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
