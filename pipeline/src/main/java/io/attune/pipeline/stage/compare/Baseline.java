package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PairedOutcomes;
import java.util.List;

/**
 * Holds the linear model that a model is held against on one head.
 *
 * @param kind which it is
 * @param outcomes of the model and of this one, on the same test rows; without rows where there is
 *     none
 * @param inUse outcomes of the current model and of this one; without rows where there is none
 * @param remarks what makes the comparison doubtful, each a sentence
 */
record Baseline(Kind kind, PairedOutcomes outcomes, PairedOutcomes inUse, List<String> remarks) {
  private static final PairedOutcomes NO_ROWS = PairedOutcomes.of(1, List.of());

  /** Names a linear model. */
  enum Kind {
    /** Stands for the linear part of the candidate, by itself. */
    LINEAR_PART("linear-part", "its linear part alone"),
    /** Stands for the logistic regression on TF-IDF that each night fits. */
    TF_IDF("tf-idf", "the TF-IDF regression");

    private final String word;
    private final String name;

    Kind(String word, String name) {
      this.word = word;
      this.name = name;
    }

    /** Returns the name in JSON. */
    String word() {
      return word;
    }

    /** Returns the name in sentences about the candidate. */
    String named() {
      return name;
    }
  }

  Baseline {
    remarks = List.copyOf(remarks);
  }

  /** Returns a baseline without anything doubtful, and without a current model. */
  static Baseline of(Kind kind, PairedOutcomes outcomes) {
    return new Baseline(kind, outcomes, NO_ROWS, List.of());
  }

  /** Returns the lack of a baseline. */
  static Baseline none(List<String> remarks) {
    return new Baseline(Kind.TF_IDF, NO_ROWS, NO_ROWS, remarks);
  }

  /** Returns the same, where the F1 of those classes counts that have a number of rows. */
  Baseline judging(int leastRows) {
    return new Baseline(kind, outcomes.judging(leastRows), inUse.judging(leastRows), remarks);
  }

  boolean isKnown() {
    return outcomes.rows() > 0;
  }
}
