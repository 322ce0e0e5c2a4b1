package io.attune.pipeline.copies;

import java.util.Map;

/**
 * Counts what became of the documents of a night.
 *
 * @param kept that are used
 * @param rejected for any reason, copies or not
 * @param replaced of earlier nights that no longer count
 * @param conflicts with the text of another and another label, one of the two of which counts
 * @param nearRejected of the rejected ones, near copies
 * @param nearKept of the kept ones, near copies
 */
public record CopyCounts(
    long kept, long rejected, long replaced, long conflicts, long nearRejected, long nearKept) {

  /** Returns one line for people; what did not happen is left out. */
  public String summary() {
    return "%,d documents kept, %,d rejected".formatted(kept, rejected)
        + part(nearRejected, "near copies among these")
        + part(nearKept, "near copies kept")
        + part(replaced, "of earlier nights replaced")
        + part(conflicts, "with the text of another and another label");
  }

  private static String part(long number, String what) {
    return number == 0 ? "" : ", %,d %s".formatted(number, what);
  }

  /** Returns the same for machines. */
  public Map<String, Long> byName() {
    return Map.of(
        "documents", kept,
        "rejected", rejected,
        "replaced", replaced,
        "label-conflicts", conflicts,
        "near-duplicates", nearRejected,
        "near-copies-kept", nearKept);
  }
}
