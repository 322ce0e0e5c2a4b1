/**
 * Publishes the night for people and tools: {@code reports/<task>/<run>/} with one self-contained
 * page, {@code report.json} and CSV tables, and {@code reports/index.html} over all runs.
 *
 * <p>In: the artefacts of the other stages (dataset index, evaluation, verdict, training record,
 * tables), read only through {@code storage}. Out: the files of {@code docs/formats/report.md}. The
 * pages are rendered by {@code page}, with charts from {@code chart}.
 */
package io.attune.pipeline.stage.report;
