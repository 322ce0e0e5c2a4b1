package io.attune.pipeline;

import java.util.Map;

/**
 * Describes what a stage did.
 *
 * @param artefact what it published, as a path below the root or the name of a table
 * @param summary one line for people, such as {@code 12,204 documents, 37 rejected}
 * @param counts the same for machines
 */
public record StageResult(String artefact, String summary, Map<String, Long> counts) {
  public StageResult {
    counts = Map.copyOf(counts);
  }
}
