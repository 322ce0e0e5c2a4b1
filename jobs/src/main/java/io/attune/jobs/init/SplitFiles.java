package io.attune.jobs.init;

import io.attune.pipeline.input.value.SplitWords;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** Divides files whose names say which split they are: train.csv and test.csv. */
final class SplitFiles {
  private SplitFiles() {}

  /** Returns the split that a name says; empty if it says none. */
  static Optional<Split> splitOf(String name) {
    for (String word : Source.stem(name).toLowerCase(Locale.ROOT).split("\\P{L}+", -1)) {
      Optional<Split> split = SplitWords.of(word);
      if (split.isPresent()) {
        return split;
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the files of each split, by a pattern of their names; empty unless all lie in one
   * folder, and some are for training and some are not.
   */
  static Map<String, List<Path>> of(List<Path> files) {
    boolean isOneFolder = files.stream().map(Path::getParent).distinct().count() == 1;
    Map<Optional<Split>, List<Path>> splits =
        files.stream()
            .collect(
                Collectors.groupingBy(
                    file -> splitOf(file.getName()), LinkedHashMap::new, Collectors.toList()));
    boolean tests =
        splits.containsKey(Optional.of(Split.TEST))
            || splits.containsKey(Optional.of(Split.VALIDATION));
    if (!isOneFolder || !tests || !splits.containsKey(Optional.of(Split.TRAIN))) {
      return Map.of();
    }
    Map<String, List<Path>> patterns = new LinkedHashMap<>();
    for (List<Path> group : splits.values()) {
      List<String> others = new ArrayList<>();
      files.stream().filter(f -> !group.contains(f)).forEach(f -> others.add(f.getName()));
      patterns.put(pattern(group.stream().map(Path::getName).toList(), others), group);
    }
    return patterns;
  }

  /** Returns a pattern that names match, and no others. */
  private static String pattern(List<String> names, List<String> others) {
    if (names.size() == 1) {
      return names.get(0);
    }
    String first = names.get(0);
    int shortest = names.stream().mapToInt(String::length).min().orElseThrow();
    int start = 0;
    while (start < shortest && same(names, first.charAt(start), start, false)) {
      start++;
    }
    int end = 0;
    while (end < shortest - start
        && same(names, first.charAt(first.length() - 1 - end), end, true)) {
      end++;
    }
    String head = first.substring(0, start);
    String tail = first.substring(first.length() - end);
    boolean isTheirs =
        !head.isEmpty() && others.stream().noneMatch(o -> o.startsWith(head) && o.endsWith(tail));
    return isTheirs
        ? escaped(head) + "*" + escaped(tail)
        : names.stream().map(SplitFiles::escaped).collect(Collectors.joining(",", "{", "}"));
  }

  private static boolean same(List<String> names, char expected, int at, boolean fromEnd) {
    return names.stream()
        .allMatch(name -> name.charAt(fromEnd ? name.length() - 1 - at : at) == expected);
  }

  /** Keeps the signs of a name from being those of a pattern. */
  static String escaped(String name) {
    return name.replaceAll("[*?\\[\\]{},\\\\]", "\\\\$0");
  }
}
