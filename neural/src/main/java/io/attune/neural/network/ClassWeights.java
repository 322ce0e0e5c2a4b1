package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.model.LabelSets;
import java.util.List;
import java.util.Map;

/** How much a row of each class counts in the loss of a head. */
final class ClassWeights {
  private ClassWeights() {}

  /**
   * The weights of a head's classes in their order; none if every row counts the same.
   *
   * @param labelCounts rows by head and class; needed for {@link ModelConfig#balanceClasses} alone
   */
  static List<Double> of(
      ModelConfig model, LabelSets.Head head, Map<String, Map<String, Long>> labelCounts) {
    Map<String, Double> given = model.classWeights().get(head.name());
    if (given != null) {
      require(
          head.classes().containsAll(given.keySet()),
          "model.class-weights.%s names %s, the head has the classes %s",
          head.name(),
          given.keySet(),
          head.classes());
      return head.classes().stream().map(name -> given.getOrDefault(name, 1.0)).toList();
    }
    return model.balanceClasses() ? balanced(head, labelCounts) : List.of();
  }

  /**
   * Rows / (classes * rows of the class), as scikit-learn's "balanced": all classes count the same,
   * and a row counts 1 on average. A class without rows does not take part.
   */
  private static List<Double> balanced(
      LabelSets.Head head, Map<String, Map<String, Long>> labelCounts) {
    Map<String, Long> counts = labelCounts.get(head.name());
    require(
        counts != null,
        "model.balance-classes needs the rows of each class of head '%s', and nobody counted them",
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
