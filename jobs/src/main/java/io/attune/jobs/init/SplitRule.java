package io.attune.jobs.init;

import io.attune.jobs.init.Finding.Role;
import java.util.List;

/**
 * Decides how documents that declare no split are divided.
 *
 * @param byTime whether the latest test
 * @param reason as a comment
 */
record SplitRule(boolean byTime, String reason) {
  static SplitRule of(List<Draft.Part> parts) {
    boolean declared =
        parts.stream()
            .anyMatch(
                part -> part.split().isPresent() || part.columns().column(Role.SPLIT).isPresent());
    if (declared) {
      return new SplitRule(
          false, "Splits are declared above; this divides only documents that declare none.");
    }
    boolean dated = parts.stream().allMatch(part -> part.columns().dates().isPresent());
    boolean spread =
        dated && parts.stream().anyMatch(part -> part.columns().dates().orElseThrow().spread());
    boolean reviews = parts.stream().anyMatch(part -> part.columns().areReviews());
    if (spread && !reviews) {
      return new SplitRule(
          true,
          "By time: a model is trained on the past and tested on the latest tenth, as it will be"
              + " used. The other choice is hash: by chance.");
    } else if (spread) {
      return new SplitRule(
          false,
          "By hash: reviews are divided by chance. The other choice is time: the latest test.");
    } else if (dated) {
      return new SplitRule(
          false,
          "By hash: the dates are of too few days, or mostly of one, to train on the past and test"
              + " on the latest.");
    }
    return new SplitRule(
        false, "By hash: documents are divided by chance, since they have no date.");
  }
}
