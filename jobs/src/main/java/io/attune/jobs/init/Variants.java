package io.attune.jobs.init;

import io.attune.pipeline.input.value.ChineseText;
import io.attune.pipeline.input.value.LabelText;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds labels of a column that probably mean one class though they are other words: {@code 5},
 * {@code 5 stars} and {@code five stars}; {@code true} and {@code 1}; {@code good} and {@code
 * good.}; traditional and simplified characters. What differs so is a variant only where both are
 * in the column.
 */
final class Variants {
  private static final Pattern END = Pattern.compile("(?<=[\\p{L}\\p{N}])\\s*[.!。！]+$");
  private static final Pattern GRADE =
      Pattern.compile("(.+?)[ -]?(?:stars?|points?|星级|星|分)?", Pattern.DOTALL);
  private static final Pattern DRAWN = Pattern.compile("(★+)☆*|(⭐+)");

  private static final Map<String, String> NUMBERS = new HashMap<>();
  private static final Set<String> YES = Set.of("true", "yes", "t", "y", "1", "是");
  private static final Set<String> NO = Set.of("false", "no", "f", "n", "0", "否");

  /** Lists what the words for yes and no are of; a column with words of two mixes them. */
  private static final List<Set<String>> ANSWERS =
      List.of(
          Set.of("true", "false"),
          Set.of("yes", "no"),
          Set.of("t", "f"),
          Set.of("y", "n"),
          Set.of("1", "0"),
          Set.of("是", "否"));

  static {
    List<String> english =
        List.of(
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");
    List<String> chinese = List.of("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十");
    for (int i = 0; i < english.size(); i++) {
      NUMBERS.put(english.get(i), Integer.toString(i));
      NUMBERS.put(chinese.get(i), Integer.toString(i));
    }
  }

  private Variants() {}

  /**
   * Returns what each label and its variants have in common.
   *
   * @param keys labels as {@link LabelText#key} makes them
   */
  static Map<String, String> among(Collection<String> keys) {
    Map<String, String> common = new TreeMap<>();
    boolean mixes =
        YES.containsAll(withoutNo(keys))
            && ANSWERS.stream().filter(words -> keys.stream().anyMatch(words::contains)).count()
                > 1;
    for (String key : keys) {
      common.put(key, mixes ? YES.contains(key) ? "true" : "false" : plain(key));
    }
    Map<String, Integer> number = new HashMap<>();
    common.values().forEach(value -> number.merge(value, 1, Integer::sum));
    common.replaceAll((key, value) -> number.get(value) > 1 ? value : key);
    return common;
  }

  private static Set<String> withoutNo(Collection<String> keys) {
    Set<String> others = new HashSet<>(keys);
    others.removeAll(NO);
    return others;
  }

  private static String plain(String key) {
    String ended = ChineseText.simplified(END.matcher(key).replaceFirst(""));
    return grade(ended).orElse(ended);
  }

  private static Optional<String> grade(String label) {
    Matcher drawn = DRAWN.matcher(label);
    if (drawn.matches()) {
      int stars = drawn.group(1) == null ? drawn.group(2).length() : drawn.group(1).length();
      return Optional.of(Integer.toString(stars));
    }
    Matcher grade = GRADE.matcher(label);
    if (!grade.matches()) {
      return Optional.empty();
    }
    String number = NUMBERS.getOrDefault(grade.group(1), grade.group(1));
    return LabelText.isNumber(number) ? Optional.of(LabelText.key(number)) : Optional.empty();
  }
}
