/**
 * Turns clean documents into token ids.
 *
 * <p>In: the table of clean documents, the rule of the splits, the label sets. Out: a subword
 * tokenizer trained on the train split, published as a folder, and the table of token rows. Depends
 * on {@code text}, {@code split}, {@code storage}, {@code provenance}, {@code failure} and {@code
 * schemas}; on no other stage.
 */
package io.attune.pipeline.stage.tokenize;
