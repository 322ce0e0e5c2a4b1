/**
 * Turns documents into documents that are fit for training.
 *
 * <p>In: the run's rows of {@link io.attune.schemas.table.Documents}. Out: rows of {@link
 * io.attune.schemas.table.CleanDocuments}, of which no two that are valid have the same text in any
 * run, of {@link io.attune.schemas.table.Signatures}, and the rest as {@link
 * io.attune.schemas.table.Rejects}, each with its reason; and {@link
 * io.attune.schemas.table.TextChanges}, which counts what was changed in the texts.
 */
package io.attune.pipeline.stage.clean;
