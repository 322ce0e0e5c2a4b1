package io.attune.bench.student;

import io.attune.schemas.model.LabelSets;

/**
 * Holds a text of the test split.
 *
 * @param labels class index by head, -1 where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Read only; never compared.
record TestText(String text, int[] labels) {

  /** Returns whether the text has a label of any head. */
  boolean isLabelled(LabelSets sets) {
    for (int head = 0; head < sets.heads().size(); head++) {
      if (labels[head] >= 0) {
        return true;
      }
    }
    return false;
  }
}
