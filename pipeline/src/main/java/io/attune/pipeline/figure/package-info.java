/** Formats numbers, fractions and durations in the same way for console, pages and logs. */
package io.attune.pipeline.figure;
