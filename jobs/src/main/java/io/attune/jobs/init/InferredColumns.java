package io.attune.jobs.init;

import io.attune.pipeline.input.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Infers the meaning of the columns of a sample.
 *
 * @param id unique in the sample, or empty
 * @param text the column with the longest values
 * @param title a column of that name, or empty
 * @param publishedAt a column of dates, or empty
 * @param source a column of that name, or empty
 * @param labels classes found by column: few, short, and repeated
 */
record InferredColumns(
    Optional<String> id,
    Optional<String> title,
    String text,
    Optional<String> publishedAt,
    Optional<String> source,
    Map<String, Set<String>> labels) {
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([T ].*)?");
  private static final int MAX_CLASSES = 40;
  private static final int MAX_LABEL_CHARACTERS = 40;
  private static final List<String> TITLES = List.of("title", "headline", "subject");
  private static final List<String> SOURCES = List.of("source", "publisher", "outlet", "shop");

  static InferredColumns of(Sample sample) {
    List<String> columns = sample.columns();
    String text =
        columns.stream()
            .reduce((a, b) -> meanLength(sample, b) > meanLength(sample, a) ? b : a)
            .orElseThrow();
    Optional<String> id =
        columns.stream()
            .filter(
                column -> !column.equals(text) && column.toLowerCase(Locale.ROOT).endsWith("id"))
            .filter(column -> isUnique(sample, column))
            .findFirst();
    Optional<String> date =
        columns.stream()
            .filter(column -> values(sample, column).stream().allMatch(InferredColumns::isDate))
            .filter(column -> !values(sample, column).isEmpty())
            .findFirst();
    Optional<String> title = named(columns, TITLES, text);
    Optional<String> source = named(columns, SOURCES, text);
    Map<String, Set<String>> labels = new LinkedHashMap<>();
    List<Optional<String>> taken = List.of(id, date, title, source, Optional.of(text));
    for (String column : columns) {
      if (!taken.contains(Optional.of(column)) && isLabel(sample, column)) {
        labels.put(column, new TreeSet<>(values(sample, column)));
      }
    }
    return new InferredColumns(id, title, text, date, source, labels);
  }

  private static Optional<String> named(List<String> columns, List<String> names, String text) {
    return columns.stream()
        .filter(column -> names.contains(column.toLowerCase(Locale.ROOT)) && !column.equals(text))
        .findFirst();
  }

  private static boolean isLabel(Sample sample, String column) {
    List<String> values = values(sample, column);
    Set<String> classes = new HashSet<>(values);
    boolean isShort = values.stream().allMatch(value -> value.length() <= MAX_LABEL_CHARACTERS);
    boolean repeats = values.size() >= 4 * classes.size();
    return isShort && repeats && classes.size() >= 2 && classes.size() <= MAX_CLASSES;
  }

  private static boolean isDate(String value) {
    return DATE.matcher(value).matches();
  }

  private static boolean isUnique(Sample sample, String column) {
    List<String> values = values(sample, column);
    return values.size() == sample.records().size()
        && new HashSet<>(values).size() == values.size();
  }

  private static double meanLength(Sample sample, String column) {
    return values(sample, column).stream().mapToInt(String::length).average().orElse(0);
  }

  private static List<String> values(Sample sample, String column) {
    List<String> values = new ArrayList<>();
    sample.records().stream()
        .map(record -> record.get(column))
        .filter(Objects::nonNull)
        .forEach(values::add);
    return values;
  }
}
