/**
 * Makes the one text of a document that models read, and turns it into token ids.
 *
 * <p>In: a title, a text, the bytes of a {@code tokenizer.json}. Out: token ids with their places
 * in the text. Also finds the signs that carry meaning, and reads the names in a field that says
 * whom a text is about. Used by tokenizing, training, evaluation and scoring alike, so that all of
 * them see the same tokens. Depends on {@code failure} and {@code schemas}; does not depend on
 * Spark.
 */
package io.attune.pipeline.text;
