/**
 * Formats numbers, fractions and durations in the same way for console, pages and logs, and tables
 * as CSV.
 */
package io.attune.pipeline.figure;
