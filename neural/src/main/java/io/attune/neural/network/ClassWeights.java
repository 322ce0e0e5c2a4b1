package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.model.LabelSets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Computes the weight of a row of each class in the loss of a head. */
final class ClassWeights {
  private static final double MAX = 1000;

  private ClassWeights() {}

  /** Returns the same weights in one order; refuses those that are missing or out of range. */
  static Map<String, Map<String, Double>> checked(Map<String, Map<String, Double>> given) {
    require(
        given != null && given.values().stream().noneMatch(Objects::isNull),
        "class-weights must give weights by head and class, such as {sentiment: {negative:"
            + " 2.0}}, or {}");
    given.forEach(
        (head, weights) -> weights.forEach((name, weight) -> requireWeight(head, name, weight)));
    return copy(given);
  }

  private static Map<String, Map<String, Double>> copy(Map<String, Map<String, Double>> weights) {
    Map<String, Map<String, Double>> copy = new TreeMap<>(); // one order, for hashes
    weights.forEach((head, of) -> copy.put(head, Collections.unmodifiableMap(new TreeMap<>(of))));
    return Collections.unmodifiableMap(copy);
  }

  private static void requireWeight(String head, String name, Double weight) {
    require(
        weight != null && weight > 0 && weight <= MAX,
        "class-weights.%s.%s must be above 0 and at most %s, got %s",
        head,
        name,
        MAX,
        weight);
  }

  /**
   * Returns the weights of a head's classes in their order; none if all rows have equal weight.
   *
   * @param labelCounts rows by head and class; needed for {@link ModelConfig#balanceClasses} alone
   */
  static List<Double> of(
      ModelConfig model, LabelSets.Head head, Map<String, Map<String, Long>> labelCounts) {
    Map<String, Double> given = model.classWeights().get(head.name());
    if (given != null) {
      require(
          head.classes().containsAll(given.keySet()),
          "class-weights.%s names %s, the head has the classes %s",
          head.name(),
          given.keySet(),
          head.classes());
      return head.classes().stream().map(name -> given.getOrDefault(name, 1.0)).toList();
    }
    return model.balanceClasses() ? balanced(head, labelCounts) : List.of();
  }

  /**
   * Returns rows / (classes * rows of the class), as scikit-learn's "balanced": all classes have
   * equal weight, and the mean weight of a row is 1. Classes without rows are not counted.
   */
  private static List<Double> balanced(
      LabelSets.Head head, Map<String, Map<String, Long>> labelCounts) {
    Map<String, Long> counts = labelCounts.get(head.name());
    require(
        counts != null,
        "balance-classes needs the number of rows of each class of head '%s', which were not"
            + " counted",
        head.name());
    long rows = head.classes().stream().mapToLong(name -> counts.getOrDefault(name, 0L)).sum();
    long present =
        head.classes().stream().filter(name -> counts.getOrDefault(name, 0L) > 0).count();
    return head.classes().stream()
        .map(name -> weight(rows, present, counts.getOrDefault(name, 0L)))
        .toList();
  }

  private static double weight(long rows, long classes, long ofClass) {
    return ofClass == 0 ? 1 : (double) rows / (classes * ofClass);
  }
}
