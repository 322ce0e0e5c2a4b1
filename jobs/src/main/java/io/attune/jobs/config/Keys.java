package io.attune.jobs.config;

import io.attune.schemas.failure.Failure;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which keys a configuration may have: the components of its records, in kebab-case. */
final class Keys {
  private Keys() {}

  /** {@code learningRate} to {@code learning-rate}. */
  static String kebab(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  /**
   * Checks every key of a mapping, at every depth.
   *
   * @throws Failure.BadUsage naming file, line, key, and the nearest key that there is
   */
  static void requireKnown(YamlFile file) {
    requireKnown(file, file.values(), RunConfig.class, "");
  }

  private static void requireKnown(YamlFile file, Object value, Type type, String path) {
    if (type instanceof Class<?> record && record.isRecord() && value instanceof Map<?, ?> map) {
      List<String> known =
          Arrays.stream(record.getRecordComponents()).map(part -> kebab(part.getName())).toList();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String key = String.valueOf(entry.getKey());
        String below = path.isEmpty() ? key : path + "." + key;
        RecordComponent part =
            Arrays.stream(record.getRecordComponents())
                .filter(candidate -> kebab(candidate.getName()).equals(key))
                .findFirst()
                .orElseThrow(() -> unknown(file, below, key, known));
        requireKnown(file, entry.getValue(), part.getGenericType(), below);
      }
    } else if (type instanceof ParameterizedType generic && value instanceof Collection<?> items) {
      int i = 0;
      for (Object item : items) {
        requireKnown(file, item, generic.getActualTypeArguments()[0], path + "[" + i + "]");
        i++;
      }
    }
  }

  private static Failure.BadUsage unknown(
      YamlFile file, String path, String key, List<String> known) {
    String meant =
        nearest(key, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("known here: " + String.join(", ", known));
    return new Failure.BadUsage("%s: unknown key '%s'; %s", file.at(path), path, meant);
  }

  /** The known word that is fewest edits away, if it is near enough to be meant. */
  static Optional<String> nearest(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(candidate -> distance(word, candidate) <= Math.max(2, candidate.length() / 3));
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, previous[j - 1] + change);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
