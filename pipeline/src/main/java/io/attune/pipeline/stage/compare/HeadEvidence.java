package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PairedOutcomes;

/**
 * Holds what the test rows show about one head.
 *
 * @param reference the model that the candidate is compared with
 * @param outcomes of candidate and reference
 * @param baseline of candidate and linear baseline; without rows where there is no baseline
 */
record HeadEvidence(
    String head, Reference reference, PairedOutcomes outcomes, PairedOutcomes baseline) {

  /** Names the model that the candidate is compared with. */
  enum Reference {
    /** Stands for the model in use. */
    CURRENT,
    /** Stands for the most frequent class, where no model in use answers the head. */
    MAJORITY
  }
}
