/**
 * Lets the current model read what it has not read yet.
 *
 * <p>In: the table of clean documents, the current model. Out: rows of the table of scores ({@code
 * docs/formats/scores.md}). Depends on {@code scoring}, {@code bundle}, {@code copies} and {@code
 * storage}.
 */
package io.attune.pipeline.stage.score;
