/**
 * Side-by-side benchmarks: Attune's layers beside DL4J's own and PyTorch, in one interleaved run.
 *
 * <p>In go a list of cases and whatever contenders this machine has; out come tokens per second,
 * ratios and the share of the processor's own GEMM speed, as text, JSON and Markdown. May depend on
 * everything; nothing depends on it.
 */
package io.attune.bench;
