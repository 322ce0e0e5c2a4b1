package io.attune.jobs.init;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * Reads what the name of a column says about its meaning.
 *
 * @param words of the name, in lower case: {@code reviewText} and {@code review_text} are {@code
 *     review, text}
 */
record ColumnName(String name, List<String> words) {
  private static final Map<String, Set<String>> WORDS = read();
  private static final Set<String> TEXTS = WORDS.get("texts");
  private static final Set<String> SHORT_TEXTS = WORDS.get("short-texts");
  private static final Set<String> PAIRED = WORDS.get("paired");
  private static final Set<String> TITLES = WORDS.get("titles");
  private static final Set<String> NOT_TEXTS = WORDS.get("not-texts");
  private static final Set<String> LABELS = WORDS.get("labels");
  private static final Set<String> NOT_LABELS = WORDS.get("not-labels");
  private static final Set<String> AFTER_LABEL = WORDS.get("after-label");
  private static final Set<String> DATES = WORDS.get("dates");
  private static final Set<String> LATE_DATES = WORDS.get("late-dates");
  private static final Set<String> SOURCES = WORDS.get("sources");
  private static final Set<String> ENTITIES = WORDS.get("entities");
  private static final Set<String> LANGUAGES = WORDS.get("languages");
  private static final Set<String> SPLITS = WORDS.get("splits");
  private static final Set<String> IDS = WORDS.get("ids");
  private static final Set<String> OTHERS_IDS = WORDS.get("others-ids");
  private static final Set<String> ROWS = WORDS.get("rows");

  private static Map<String, Set<String>> read() {
    Properties lists = new Properties();
    try (InputStream in = ColumnName.class.getResourceAsStream("column-words.properties")) {
      lists.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Set<String>> words = new HashMap<>();
    lists.forEach(
        (name, list) -> words.put((String) name, Set.of(((String) list).split(" +", -1))));
    return words;
  }

  /** Reads a name; of a path such as {@code user.name} every part counts. */
  static ColumnName of(String name) {
    String parted = name.replaceAll("(\\p{Ll})(\\p{Lu})", "$1 $2").toLowerCase(Locale.ROOT);
    List<String> words =
        Arrays.stream(parted.split("[^\\p{L}]+")).filter(word -> !word.isEmpty()).toList();
    return new ColumnName(name, words);
  }

  private boolean isOf(Collection<String> names) {
    return names.contains(String.join("", words));
  }

  private boolean endsWith(Collection<String> names) {
    return !words.isEmpty() && names.contains(words.get(words.size() - 1));
  }

  private boolean has(Collection<String> names) {
    return words.stream().anyMatch(names::contains);
  }

  /** Returns how much the name says for a text, from -4 to 5. */
  double textWeight() {
    if (isOf(TEXTS)) {
      return 5;
    }
    if (has(NOT_TEXTS)) {
      return -4;
    }
    if (endsWith(TEXTS)) {
      return has(Set.of("clean", "cleaned", "processed", "tokenized", "stemmed")) ? 3.5 : 4.5;
    }
    return endsWith(SHORT_TEXTS) ? 3.5 : isTitle() ? 2 : has(TEXTS) ? 1 : 0;
  }

  /** Returns whether both names are of texts that belong together, such as question and answer. */
  boolean isPairedWith(ColumnName other) {
    List<String> common = withoutLetter();
    boolean counted = common.equals(other.withoutLetter()) && !common.isEmpty();
    return counted || (endsWith(PAIRED) && other.endsWith(PAIRED));
  }

  /** Returns the words without a last one that tells columns apart, as in {@code text_a}. */
  private List<String> withoutLetter() {
    int last = words.size() - 1;
    return last > 0 && words.get(last).length() == 1 ? words.subList(0, last) : words;
  }

  boolean isTitle() {
    return endsWith(TITLES) && !has(NOT_TEXTS);
  }

  /** Returns whether the name is that of a second, shorter text beside a long one. */
  boolean isSummary() {
    return endsWith(SHORT_TEXTS);
  }

  /** Returns whether the name says that the values are classes. */
  boolean isLabel() {
    boolean behind =
        words.size() > 1 && endsWith(AFTER_LABEL) && LABELS.contains(words.get(words.size() - 2));
    return endsWith(LABELS) || behind;
  }

  /** Returns whether labels of that name are grades, of which there are few. */
  boolean isGrade() {
    return endsWith(Set.of("stars", "star", "rating", "ratings", "overall", "score", "评分", "星级"));
  }

  boolean isNoLabel() {
    return has(NOT_LABELS) || has(SOURCES) || has(ENTITIES);
  }

  boolean isDate() {
    return has(DATES) || has(LATE_DATES) || (words.size() > 1 && endsWith(Set.of("at", "on")));
  }

  /** Returns how well the name fits the time of publication. */
  int dateWeight() {
    if (has(LATE_DATES)) {
      return 0;
    } else if (has(
        Set.of("published", "publish", "publication", "pubdate", "pub", "发布时间", "发布日期"))) {
      return 6;
    } else if (endsWith(Set.of("date", "dates", "日期"))) {
      return 5;
    } else if (has(Set.of("created", "posted"))) {
      return 4;
    }
    return isDate() ? 3 : 1;
  }

  boolean isSource() {
    return endsWith(SOURCES);
  }

  boolean isEntity() {
    return endsWith(ENTITIES);
  }

  boolean isLanguage() {
    return has(LANGUAGES);
  }

  boolean isSplit() {
    return endsWith(SPLITS);
  }

  /** Returns how well the name fits the id of a document; 0 if not at all. */
  int idWeight() {
    if (has(OTHERS_IDS)) {
      return 0;
    }
    boolean asText = endsWith(Set.of("str")) && has(IDS);
    return isOf(IDS) ? 3 : endsWith(IDS) || asText ? 2 : 0;
  }

  /** Returns whether the name is that of a number of rows, as tools write it in front. */
  boolean isRowNumber() {
    return words.isEmpty() ? !name.matches(".*\\p{L}.*") : has(ROWS);
  }

  /** Returns whether a file without a header was given the name. */
  boolean isUnnamed() {
    return name.matches("(column-)?\\d+");
  }
}
