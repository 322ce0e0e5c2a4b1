package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.TestRows;

/**
 * Holds what the test rows show about one head.
 *
 * @param reference the model that this one is compared with
 * @param outcomes of this model and the reference
 * @param baseline the best linear model, as far as there is one
 * @param scope which rows and classes there are
 */
record HeadEvidence(
    String head, Reference reference, PairedOutcomes outcomes, Baseline baseline, Scope scope) {

  /** Makes evidence of rows that are new to all models, whose classes all of them know. */
  HeadEvidence(String head, Reference reference, PairedOutcomes outcomes, Baseline baseline) {
    this(head, reference, outcomes, baseline, Scope.ALL);
  }

  /** Names the model that the candidate is compared with. */
  enum Reference {
    /** Stands for the model in use. */
    CURRENT,
    /** Stands for the most frequent class, where no model in use answers the head. */
    MAJORITY
  }

  /**
   * Returns the same with what is judged of it: the current model on the rows of classes that it
   * knows, and the F1 of classes that have a number of rows.
   */
  HeadEvidence judging(int leastRows) {
    PairedOutcomes known =
        reference == Reference.CURRENT && !scope.added().isEmpty()
            ? outcomes.ofActual(label -> !scope.added().contains(label))
            : outcomes;
    return new HeadEvidence(
        head, reference, known.judging(leastRows), baseline.judging(leastRows), scope);
  }

  /** Returns the rows by class; there must be some. */
  TestRows rows() {
    return TestRows.of(outcomes);
  }
}
