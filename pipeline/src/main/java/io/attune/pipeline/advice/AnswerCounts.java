package io.attune.pipeline.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what a model answered to the documents of one head: by class, and by the probability of
 * the answer in cells of its log-odds, so that tenths can be told apart where nearly all answers
 * are sure.
 *
 * @param classes documents by answer
 * @param cells documents by {@link #cell} of the probability
 * @param confidence sum of the probabilities
 */
record AnswerCounts(Map<String, Long> classes, Map<Integer, Long> cells, double confidence) {
  /** Makes a cell 3 % of the odds wide. */
  static final int CELLS_PER_UNIT = 32;

  /** Bounds the log-odds: probabilities are floats, which know none between this and 1. */
  static final double LARGEST = 17;

  /** Is how many parts of the test split the probabilities are compared by. */
  private static final int PARTS = 10;

  AnswerCounts {
    classes = new TreeMap<>(classes);
    cells = new TreeMap<>(cells);
  }

  static AnswerCounts none() {
    return new AnswerCounts(Map.of(), Map.of(), 0);
  }

  /** Returns the cell of a probability; cells rise with probabilities. */
  static int cell(double probability) {
    double odds = Math.log(probability / (1 - probability));
    return (int) Math.floor(CELLS_PER_UNIT * Math.max(-LARGEST, Math.min(LARGEST, odds)));
  }

  /** Adds up documents. */
  static final class Tally {
    private final Map<String, Long> classes = new TreeMap<>();
    private final Map<Integer, Long> cells = new TreeMap<>();
    private double confidence;

    /**
     * Adds documents of one answer and cell.
     *
     * @param probabilities of their answers, added up
     */
    Tally add(String answer, int cell, long documents, double probabilities) {
      classes.merge(answer, documents, Long::sum);
      cells.merge(cell, documents, Long::sum);
      confidence += probabilities;
      return this;
    }

    AnswerCounts counts() {
      return new AnswerCounts(classes, cells, confidence);
    }
  }

  long documents() {
    return classes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the mean probability of the answers; not a number without any. */
  double meanConfidence() {
    return confidence / documents();
  }

  /** Returns the fraction of an answer; not a number without any. */
  double share(String answer) {
    return (double) classes.getOrDefault(answer, 0L) / documents();
  }

  /**
   * Returns the last cell of each tenth but the last; fewer where many documents share a cell. Each
   * part holds at least one document.
   */
  List<Integer> tenths() {
    List<Integer> bounds = new ArrayList<>();
    long all = documents();
    long before = 0;
    long tenth = 1;
    for (Map.Entry<Integer, Long> cell : cells.entrySet()) {
      before += cell.getValue();
      if (before * PARTS >= all * tenth && before < all) {
        bounds.add(cell.getKey());
        tenth = before * PARTS / all + 1;
      }
    }
    return bounds;
  }

  /** Returns the documents by the parts that bounds of {@link #tenths} make. */
  Map<String, Long> parts(List<Integer> bounds) {
    Map<String, Long> parts = new TreeMap<>();
    cells.forEach(
        (cell, documents) -> {
          int part = 0;
          while (part < bounds.size() && cell > bounds.get(part)) {
            part++;
          }
          parts.merge("part %02d".formatted(part), documents, Long::sum);
        });
    return parts;
  }
}
