/**
 * Computes the network of hashed n-grams: vectors of tokens and of the n-grams that start at them,
 * pooled by their mean, their maximum and learned queries.
 *
 * <p>Input: a batch of token ids and a flat vector of parameters. Output: one vector for each row.
 * Depends on {@code encoder} and {@code cpu}.
 */
package io.attune.neural.ngram;
