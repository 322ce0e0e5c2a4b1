/**
 * Measures how fast texts become token ids and minibatches.
 *
 * <p>In: texts of a file, or made-up ones. Out: speeds beside Hugging Face's own library, and
 * padding. Depends on the stages tokenize and shard, and on the loader of minibatches.
 */
package io.attune.bench.encode;
