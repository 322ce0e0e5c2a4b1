/**
 * Finds the teacher of a student, asks it about the rows of the train split once, and mixes its
 * probabilities into the targets of minibatches.
 *
 * <p>In: a published model, the texts of a dataset's train split. Out: the choice of the teacher
 * and its probabilities in the run's folder; targets of rows. Depends on {@code bundle}, {@code
 * dataset}, {@code stage.train.data} and {@code storage}.
 */
package io.attune.pipeline.stage.train.teacher;
