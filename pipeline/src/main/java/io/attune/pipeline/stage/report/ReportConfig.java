package io.attune.pipeline.stage.report;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.stage.report.page.PageLimits;

/**
 * Configures how much a page shows. Everything that it leaves out is in {@code report.json} and the
 * tables.
 *
 * @param maxExamples test documents shown with their attention
 * @param maxRejectRows rows of the table of rejects, and of that of corpora
 * @param maxTimelineMonths the latest months with documents, kept in {@code report.json} too
 * @param maxClasses classes of a head in its table and its confusion matrix, and heads shown
 * @param maxSliceRows slices of the test split shown for each head
 * @param maxOverviewRuns the newest runs of all tasks that {@code reports/index.html} lists
 * @param maxPageBytes of {@code index.html}; a larger page is rendered again with less in it
 */
public record ReportConfig(
    int maxExamples,
    int maxRejectRows,
    int maxTimelineMonths,
    int maxClasses,
    int maxSliceRows,
    int maxOverviewRuns,
    int maxPageBytes) {
  /** Bounds the size from below: a smaller page may not fit even one row of each table. */
  static final int SMALLEST_PAGE_BYTES = 200_000;

  public ReportConfig {
    requirePositive("max-examples", maxExamples);
    requirePositive("max-reject-rows", maxRejectRows);
    requirePositive("max-timeline-months", maxTimelineMonths);
    requirePositive("max-classes", maxClasses);
    requirePositive("max-slice-rows", maxSliceRows);
    requirePositive("max-overview-runs", maxOverviewRuns);
    require(
        maxPageBytes >= SMALLEST_PAGE_BYTES,
        "max-page-bytes must be at least %d, got %d",
        SMALLEST_PAGE_BYTES,
        maxPageBytes);
  }

  PageLimits pageLimits() {
    return new PageLimits(maxExamples, maxRejectRows, maxTimelineMonths, maxClasses, maxSliceRows);
  }

  private static void requirePositive(String key, int value) {
    require(value >= 1, "%s must be at least 1, got %d", key, value);
  }
}
