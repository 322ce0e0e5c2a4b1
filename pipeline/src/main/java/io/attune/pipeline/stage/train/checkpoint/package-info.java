/**
 * Keeps what a training has reached, so that it resumes where it stopped.
 *
 * <p>In: the progress of a training, and the state of its network. Out: checkpoints ({@code
 * docs/formats/checkpoint.md}), means of the parameters that the training passed through, and the
 * account of the rows that were trained. Depends on {@code storage}, {@code schemas} and the
 * averaging master.
 */
package io.attune.pipeline.stage.train.checkpoint;
