package io.attune.pipeline.stage.report;

/** How many rows of each kind one attempt at a page shows. */
record PageLimits(int examples, int rejects, int months, int classes, int slices) {

  static PageLimits of(ReportConfig config) {
    return new PageLimits(
        config.maxExamples(),
        config.maxRejectRows(),
        config.maxTimelineMonths(),
        config.maxClasses(),
        config.maxSliceRows());
  }

  /** Half of each, for a page that came out too large. */
  PageLimits halved() {
    return new PageLimits(half(examples), half(rejects), half(months), half(classes), half(slices));
  }

  /** Whether {@link #halved} would still change something. */
  boolean canShrink() {
    return !equals(halved());
  }

  private static int half(int limit) {
    return Math.max(1, limit / 2);
  }
}
