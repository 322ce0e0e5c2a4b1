/**
 * Defines what an encoder computes and in which shapes, for every backend.
 *
 * <p>{@link io.attune.neural.encoder.EncoderShape} describes the structure of an encoder, {@link
 * io.attune.neural.encoder.EncoderLayout} the position of each parameter in the flat vector, {@link
 * io.attune.neural.encoder.TokenBatch} the input, {@link io.attune.neural.encoder.Noise} the values
 * that dropout sets to zero. {@link io.attune.neural.encoder.EncoderBackend} is the contract of the
 * implementations in {@code cpu} and {@code nd4j}, {@link io.attune.neural.encoder.BackendChoice}
 * selects one. Depends on ND4J and {@code schemas} only.
 */
package io.attune.neural.encoder;
