package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PairedOutcomes;

/**
 * What the test rows say of one head.
 *
 * @param rival whom the candidate has to stand up to
 * @param outcomes of candidate and rival
 * @param baseline of candidate and linear baseline; without rows where there is no baseline
 */
record HeadEvidence(String head, Rival rival, PairedOutcomes outcomes, PairedOutcomes baseline) {

  /** Whom the candidate has to stand up to. */
  enum Rival {
    /** The model in use. */
    CURRENT,
    /** The most frequent class, where no model in use answers the head. */
    MAJORITY
  }
}
