/** Compares attention layers with DL4J's own and PyTorch. */
package io.attune.bench.layers;
