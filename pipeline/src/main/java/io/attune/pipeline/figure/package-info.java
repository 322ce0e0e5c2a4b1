/** Writes numbers, shares and durations in the one form that console, pages and logs use. */
package io.attune.pipeline.figure;
