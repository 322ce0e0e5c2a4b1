/**
 * Compares what came in during a night with earlier nights of the task.
 *
 * <p>In: the run's rows of documents, clean documents and rejects, and {@code quality.json} of
 * earlier runs. Out: {@link io.attune.schemas.report.NightQuality}. Used by the stages; depends on
 * copies, storage and schemas only.
 */
package io.attune.pipeline.quality;
