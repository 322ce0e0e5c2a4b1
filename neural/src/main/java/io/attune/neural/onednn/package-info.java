/**
 * Runs single operations of oneDNN, Intel's library of kernels for deep learning: matrix products
 * in floats or bfloat16, conversions, and GELU. Operands are addresses of native memory; the
 * package knows nothing of encoders. It may use only JavaCPP and its preset of oneDNN.
 */
package io.attune.neural.onednn;
