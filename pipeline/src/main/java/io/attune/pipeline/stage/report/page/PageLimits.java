package io.attune.pipeline.stage.report.page;

/**
 * Bounds how much one attempt at a page shows.
 *
 * @param examples test documents with their attention
 * @param rejects rows of the table of rejects, and of those of corpora and of changes
 * @param months the latest months of the timeline
 * @param classes classes of a head, and heads
 * @param slices slices of a head
 */
public record PageLimits(int examples, int rejects, int months, int classes, int slices) {

  /** Returns half of each limit, for a page that came out too large. */
  PageLimits halved() {
    return new PageLimits(half(examples), half(rejects), half(months), half(classes), half(slices));
  }

  /** Returns whether {@link #halved} would still change something. */
  boolean canShrink() {
    return !equals(halved());
  }

  private static int half(int limit) {
    return Math.max(1, limit / 2);
  }
}
