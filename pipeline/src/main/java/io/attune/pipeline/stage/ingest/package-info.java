/**
 * Turns raw files into tables of documents and rejects.
 *
 * <p>In: files that corpora name and that no earlier run has ingested. Out: rows of {@link
 * io.attune.schemas.table.Documents} and {@link io.attune.schemas.table.Rejects}, and {@code
 * intake.json} in the run's folder, which says from which files. What cannot be a corpus at all (no
 * such file, another delimiter, a column that is not there) ends the stage before any work; a
 * record that cannot be a document is rejected with its reason.
 */
package io.attune.pipeline.stage.ingest;
