/**
 * Compares what {@code attune export} writes with the model that it was written from, in PyTorch
 * and ONNX Runtime.
 */
package io.attune.bench.export;
