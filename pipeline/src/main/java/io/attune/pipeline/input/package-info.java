/**
 * Reads the files that users bring: finds them, tells their format, and turns them into records.
 *
 * <p>In: a path on any Hadoop file system and a {@link io.attune.pipeline.input.FileLayout}. Out:
 * {@link io.attune.pipeline.input.RawRecord}s, values of text by column; what a column means is
 * decided by the stage {@code ingest}. Used by {@code ingest} and by the command {@code init}.
 */
package io.attune.pipeline.input;
