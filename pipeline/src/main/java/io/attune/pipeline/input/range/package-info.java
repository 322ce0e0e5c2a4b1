/**
 * Cuts large files into ranges that begin and end between two records, and gives each to readers as
 * if it were a file of its own.
 *
 * <p>In: a file and the size of a range. Out: offsets; and a Hadoop file system of ranges, so that
 * no reader has to know of them.
 */
package io.attune.pipeline.input.range;
