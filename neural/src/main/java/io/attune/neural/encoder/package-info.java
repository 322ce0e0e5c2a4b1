/**
 * Defines what an encoder computes and in which shapes, whatever computes it.
 *
 * <p>{@link io.attune.neural.encoder.EncoderShape} says how an encoder is built, {@link
 * io.attune.neural.encoder.EncoderLayout} where each parameter lies in the flat vector, {@link
 * io.attune.neural.encoder.TokenBatch} what goes in, {@link io.attune.neural.encoder.Noise} which
 * values dropout sets to zero. {@link io.attune.neural.encoder.EncoderBackend} is the contract that
 * the implementations in {@code cpu} and {@code nd4j} keep. Depends on ND4J and {@code schemas}
 * only.
 */
package io.attune.neural.encoder;
