/** Measures what it costs to train a tokenizer on texts of very many distinct words. */
package io.attune.bench.tokenizer;
