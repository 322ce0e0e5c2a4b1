package io.attune.pipeline.advice;

import static io.attune.schemas.Requirements.require;

import java.util.HashMap;
import java.util.Map;

/**
 * Configures which documents the advice looks at and how many labels it asks for.
 *
 * @param days before the night, this one included, whose documents are looked at
 * @param documents that are looked at if there are so many: the days go further back then
 * @param labels documents whose labels are asked for, at most; 0 for none
 * @param labelColumns the column of the labels in the table of requests, by head; a head that is
 *     not named has its own name
 */
public record AdviceConfig(int days, long documents, int labels, Map<String, String> labelColumns) {
  private static final int LONGEST = 4_000;
  private static final int MOST_DOCUMENTS = 10_000_000;
  private static final int MOST_LABELS = 2_000;

  public AdviceConfig {
    require(days >= 1 && days <= LONGEST, "advice.days must be in [1, %d], got %d", LONGEST, days);
    require(
        documents >= 0 && documents <= MOST_DOCUMENTS,
        "advice.documents must be in [0, %d], got %d",
        MOST_DOCUMENTS,
        documents);
    require(
        labels >= 0 && labels <= MOST_LABELS,
        "advice.labels must be in [0, %d], got %d",
        MOST_LABELS,
        labels);
    labelColumns = labelColumns == null ? Map.of() : Map.copyOf(labelColumns);
  }

  /** Returns the same with the columns of a corpus for heads that are not named. */
  public AdviceConfig withColumnsOf(Map<String, String> corpora) {
    Map<String, String> columns = new HashMap<>(corpora);
    columns.putAll(labelColumns);
    return new AdviceConfig(days, documents, labels, columns);
  }
}
