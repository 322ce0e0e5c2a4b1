/**
 * Computes encoders by ND4J operations: on any device, in any floating-point type.
 *
 * <p>{@link io.attune.neural.nd4j.Nd4jEncoder} is the {@link
 * io.attune.neural.encoder.EncoderBackend}. Internal to this module.
 */
package io.attune.neural.nd4j;
