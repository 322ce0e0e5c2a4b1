/**
 * Finds where large files may be cut into ranges that begin and end between two records.
 *
 * <p>In: a file and the size of a range. Out: offsets, which readers then take as the bounds of
 * what they read.
 */
package io.attune.pipeline.input.range;
