/**
 * Turns token rows into shuffled Parquet files with an index.
 *
 * <p>In: the token rows of a run and its published tokenizer. Out: a published dataset, complete in
 * itself: shards, {@code index.json}, tokenizer and label sets. Depends on {@code text}, {@code
 * storage}, {@code provenance}, {@code failure} and {@code schemas}; on no other stage.
 */
package io.attune.pipeline.stage.shard;
