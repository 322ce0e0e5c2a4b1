package io.attune.jobs.init;

import io.attune.pipeline.input.value.LabelText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Holds the classes that the values of a column are, in a sensible order.
 *
 * @param names one for each group of spellings
 * @param spellings the class by each other spelling of it
 * @param counts records by class
 * @param nullWords records by each word that means no label
 */
record Classes(
    List<String> names,
    Map<String, String> spellings,
    Map<String, Long> counts,
    Map<String, Long> nullWords) {

  /** Is the largest number of grades with decimals, such as 0, 0.25 and so on up to 1. */
  private static final int MAX_FRACTIONS = 5;

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?\\d*(?:[.,]\\d+)?(?:e[+-]?\\d+)?", Pattern.CASE_INSENSITIVE);

  /** Matches what is no whole number and no half: a point, or a comma that parts no thousands. */
  private static final Pattern FRACTION =
      Pattern.compile(
          "[+-]?\\d*(?:\\.(?!0*$|50*$)|,(?!0*$|50*$|\\d{3}$))\\d+(?:e[+-]?\\d+)?",
          Pattern.CASE_INSENSITIVE);

  /** Lists words in the order in which people put classes. */
  private static final List<List<String>> ORDERS =
      List.of(
          List.of(
              "very negative",
              "very_negative",
              "negative",
              "neg",
              "bearish",
              "neutral",
              "neu",
              "mixed",
              "positive",
              "pos",
              "bullish",
              "very positive",
              "very_positive"),
          List.of(
              "terrible",
              "awful",
              "bad",
              "poor",
              "ok",
              "okay",
              "average",
              "fair",
              "good",
              "great",
              "excellent"),
          List.of("no", "yes"),
          List.of("false", "true"),
          List.of("very low", "low", "medium", "high", "very high"),
          List.of("down", "flat", "up"),
          List.of("ham", "spam"),
          List.of("差评", "中评", "好评"),
          List.of("负面", "消极", "中性", "中立", "正面", "积极"),
          List.of("利空", "中性", "利好"));

  /** Finds the classes among the counted values of a column: spellings of a label are one. */
  static Classes of(Map<String, Long> values) {
    return of(values, keys -> Map.of());
  }

  /** Finds the classes among the counted values of a column; {@link Variants} are one, too. */
  static Classes withVariants(Map<String, Long> values) {
    return of(values, Variants::among);
  }

  private static Classes of(
      Map<String, Long> values, Function<Set<String>, Map<String, String>> variants) {
    Map<String, Map<String, Long>> groups = new TreeMap<>();
    Map<String, Long> nullWords = new TreeMap<>();
    values.forEach(
        (value, count) -> {
          String label = LabelText.plain(value);
          if (LabelText.NULL_WORDS.contains(label)) {
            nullWords.merge(label, count, Long::sum);
          } else if (!label.isEmpty()) {
            groups
                .computeIfAbsent(LabelText.key(label), key -> new TreeMap<>())
                .merge(label, count, Long::sum);
          }
        });
    Map<String, Long> counts = new TreeMap<>();
    Map<String, String> spellings = new TreeMap<>();
    Map<String, String> common = variants.apply(groups.keySet());
    Map<String, Map<String, Long>> joined = new TreeMap<>();
    groups.forEach(
        (key, group) ->
            joined
                .computeIfAbsent(common.getOrDefault(key, key), meant -> new TreeMap<>())
                .putAll(group));
    for (Map.Entry<String, Map<String, Long>> meant : joined.entrySet()) {
      Map<String, Long> group = meant.getValue();
      String name =
          group.keySet().stream()
              .max(
                  Comparator.comparing((String s) -> LabelText.key(s).equals(meant.getKey()))
                      .thenComparing(s -> LabelText.isNumber(s) ? -s.length() : 0)
                      .thenComparing(s -> isPlain(s, group))
                      .thenComparing(group::get)
                      .thenComparing(Comparator.naturalOrder()))
              .orElseThrow();
      counts.put(name, group.values().stream().mapToLong(Long::longValue).sum());
      group.keySet().stream().filter(s -> !s.equals(name)).forEach(s -> spellings.put(s, name));
    }
    return new Classes(ordered(counts.keySet().stream().toList()), spellings, counts, nullWords);
  }

  /** Returns whether a spelling has no capitals and is not much rarer than the others. */
  private static boolean isPlain(String spelling, Map<String, Long> group) {
    long most = group.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return spelling.equals(LabelText.key(spelling)) && group.get(spelling) * 10 >= most;
  }

  private static List<String> ordered(List<String> names) {
    List<String> ordered = new ArrayList<>(names);
    if (names.stream().allMatch(LabelText::isNumber)) {
      ordered.sort(Comparator.comparing(BigDecimal::new));
      return ordered;
    }
    for (List<String> order : ORDERS) {
      List<String> keys = names.stream().map(LabelText::key).toList();
      if (order.containsAll(keys)) {
        ordered.sort(Comparator.comparing(name -> order.indexOf(LabelText.key(name))));
        return ordered;
      }
    }
    ordered.sort(Comparator.comparing(LabelText::key));
    return ordered;
  }

  long labelled() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  boolean areNumbers() {
    return names.stream().allMatch(LabelText::isNumber);
  }

  /** Returns whether they are numbers with decimals, more than grades have. */
  boolean areMeasured() {
    return names.size() > MAX_FRACTIONS
        && names.stream().allMatch(name -> NUMBER.matcher(name).matches())
        && names.stream().anyMatch(name -> FRACTION.matcher(name).matches());
  }

  /** Returns how often the rarest class occurs. */
  long rarest() {
    return counts.values().stream().mapToLong(Long::longValue).min().orElse(0);
  }

  /** Returns the classes with fewer records than a number, for messages. */
  List<String> rarerThan(long records) {
    return names.stream().filter(name -> counts.get(name) < records).toList();
  }

  /** Returns names and counts, the most frequent first. */
  String described() {
    Map<String, Long> most = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(8)
        .forEach(entry -> most.put(entry.getKey(), entry.getValue()));
    String all =
        most.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    return "%d classes: %s%s".formatted(names.size(), all, names.size() > 8 ? ", …" : "");
  }
}
