/**
 * Computes encoders on the CPU in floats: strided BLAS products over packed tokens, and kernels
 * that use the Vector API if the JVM has it.
 *
 * <p>{@link io.attune.neural.cpu.CpuEncoder} is the {@link
 * io.attune.neural.encoder.EncoderBackend}; {@link io.attune.neural.cpu.Kernels} has a scalar and a
 * vector implementation. Internal to this module.
 */
package io.attune.neural.cpu;
