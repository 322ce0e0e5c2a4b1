/**
 * The night as people read it: {@code reports/<task>/<run>/} with one self-contained page, {@code
 * report.json} and CSV tables, and {@code reports/index.html} over all runs.
 *
 * <p>In: what the other stages published (dataset index, evaluation, verdict, training record,
 * tables), read through {@code storage} alone. Out: the files of {@code docs/formats/report.md}.
 *
 * <p>The pages are jte templates ({@code src/main/jte}), compiled into this package and escaped by
 * context; what they show is prepared here as values, charts as inline SVG. Every page is bounded
 * in size whatever the corpus, holds no script and asks for nothing from any network.
 */
package io.attune.pipeline.stage.report;
