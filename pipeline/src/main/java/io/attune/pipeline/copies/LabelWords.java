package io.attune.pipeline.copies;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares the labels of documents in the form of one text: {@code head} U+0002 {@code label},
 * sorted by head, with U+0001 between; null for no labels.
 */
final class LabelWords {
  private static final String BETWEEN = "\u0001";
  private static final String IS = "\u0002";

  private LabelWords() {}

  /**
   * Returns that text.
   *
   * @param labels in the order of their heads; null for none
   */
  static String of(List<TextKeys.Entry> labels) {
    if (labels == null) {
      return null;
    }
    String word =
        labels.stream()
            .filter(label -> label.value() != null)
            .map(label -> label.key() + IS + label.value())
            .collect(Collectors.joining(BETWEEN));
    return word.isEmpty() ? null : word;
  }

  /**
   * Returns in which heads two documents with labels disagree, such as {@code sentiment is negative
   * there, positive here}; null in none.
   */
  static String contradiction(String here, String there) {
    Map<String, String> known = parse(there);
    List<String> found = new ArrayList<>();
    parse(here)
        .forEach(
            (head, label) -> {
              if (known.containsKey(head) && !known.get(head).equals(label)) {
                found.add("%s is %s there, %s here".formatted(head, known.get(head), label));
              }
            });
    return found.isEmpty() ? null : String.join("; ", found);
  }

  /** Returns whether some of the labels are not among those of the other document. */
  static boolean addsTo(String here, String there) {
    return !parse(there).entrySet().containsAll(parse(here).entrySet());
  }

  /** Returns whether any two of several documents disagree in a head. */
  static boolean disagree(List<String> words) {
    Map<String, String> known = new TreeMap<>();
    for (String word : words) {
      for (Map.Entry<String, String> label : parse(word).entrySet()) {
        String before = known.putIfAbsent(label.getKey(), label.getValue());
        if (before != null && !before.equals(label.getValue())) {
          return true;
        }
      }
    }
    return false;
  }

  private static Map<String, String> parse(String word) {
    Map<String, String> labels = new TreeMap<>();
    if (word != null) {
      for (String label : word.split(BETWEEN, -1)) {
        int at = label.indexOf(IS);
        labels.put(label.substring(0, Math.max(at, 0)), label.substring(at + 1));
      }
    }
    return labels;
  }
}
