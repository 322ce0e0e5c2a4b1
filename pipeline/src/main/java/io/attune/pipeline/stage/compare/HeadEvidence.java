package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PairedOutcomes;

/**
 * What the test rows say of one head.
 *
 * @param reference whom the candidate has to stand up to
 * @param outcomes of candidate and reference
 * @param baseline of candidate and linear baseline; without rows where there is no baseline
 */
record HeadEvidence(
    String head, Reference reference, PairedOutcomes outcomes, PairedOutcomes baseline) {

  /** Whom the candidate has to stand up to. */
  enum Reference {
    /** The model in use. */
    CURRENT,
    /** The most frequent class, where no model in use answers the head. */
    MAJORITY
  }
}
