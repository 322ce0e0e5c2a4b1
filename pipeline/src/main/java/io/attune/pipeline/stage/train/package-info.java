/**
 * Trains the networks of a model, usually one, and its linear part: from a published dataset to a
 * candidate's bundle.
 *
 * <p>In: a dataset's index, labels, tokenizer and shards. Out: checkpoints, {@code metrics.jsonl}
 * and {@code ledger.json} of each network in the run's folder, and the bundle of the model. Depends
 * on {@code model}, {@code bundle}, {@code storage} and the averaging master below it.
 */
package io.attune.pipeline.stage.train;
