/**
 * Judges daily series: was a day a surge, given the days before it?
 *
 * <p>In go the counts of a series by day ({@link io.attune.pipeline.surge.DailySeries}), masks and
 * holidays; out come judgements with seen, expected, limit and p ({@link
 * io.attune.pipeline.surge.CountSurges}, {@link io.attune.pipeline.surge.ShareSurges}). Everything
 * is a pure function of its arguments: a day is judged from the days before it alone, so that a
 * late document changes what it must and nothing else. Depends on commons-math; knows neither Spark
 * nor files.
 */
package io.attune.pipeline.surge;
