/**
 * Reads the rows that a training task trains on: as token ids, or as the vectors that the lower
 * blocks of a pretrained encoder make of them.
 *
 * <p>In: shards of a published dataset, and the weights of an encoder. Out: minibatches, and files
 * of vectors in the run's folder. Depends on {@code storage}, {@code schemas} and {@code neural}.
 */
package io.attune.pipeline.stage.train.data;
