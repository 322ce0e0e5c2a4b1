package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.TestRows;
import java.util.stream.IntStream;

/**
 * Holds what the test rows show about one head.
 *
 * @param reference the model that this one is compared with
 * @param outcomes of this model and the reference
 * @param baseline the best linear model, as far as there is one
 */
record HeadEvidence(String head, Reference reference, PairedOutcomes outcomes, Baseline baseline) {

  /** Names the model that the candidate is compared with. */
  enum Reference {
    /** Stands for the model in use. */
    CURRENT,
    /** Stands for the most frequent class, where no model in use answers the head. */
    MAJORITY
  }

  /** Returns the rows by class; there must be some. */
  TestRows rows() {
    ConfusionMatrix confusion = outcomes.candidate();
    return new TestRows(
        IntStream.range(0, confusion.classes()).mapToObj(confusion::support).toList());
  }
}
