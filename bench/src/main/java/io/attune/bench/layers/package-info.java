/** Times attention layers beside DL4J's own and PyTorch. */
package io.attune.bench.layers;
