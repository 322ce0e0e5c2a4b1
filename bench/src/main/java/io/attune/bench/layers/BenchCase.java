package io.attune.bench.layers;

import io.attune.neural.network.ModelConfig.Kind;

/**
 * Describes one case: a model, its batches, and whether it trains or only infers.
 *
 * @param tokens of the longest row
 * @param corpus whose lengths the rows have, in batches of similar length; null for lengths that
 *     are uniform in [tokens / 2, tokens], in batches padded to {@code tokens}
 */
public record BenchCase(
    Kind kind, int layers, int width, int tokens, boolean trains, String corpus) {
  static final int HEADS = 4;
  static final int BATCH = 64;
  public static final int VOCABULARY = 20_000;
  public static final int CLASSES = 4;

  public static BenchCase uniform(Kind kind, int layers, int width, int tokens, boolean trains) {
    return new BenchCase(kind, layers, width, tokens, trains, null);
  }

  String name() {
    return "%s, %s, T %d%s, %d layer%s, width %d"
        .formatted(
            trains ? "train" : "infer",
            kind == Kind.TRANSFORMER ? "Transformer encoder" : "self-attention",
            tokens,
            corpus == null ? "" : " (lengths of " + corpus + ")",
            layers,
            layers == 1 ? "" : "s",
            width);
  }

  /** Returns whether blocks have a feed-forward layer. */
  boolean feedForwardBlocks() {
    return kind == Kind.TRANSFORMER;
  }

  int feedForward() {
    return 4 * width;
  }

  /**
   * Returns the floating-point operations of the matrix products for one row of {@code length} real
   * tokens: a multiplication and an addition count as two, the backward pass as twice the forward
   * pass.
   */
  double operations(int length) {
    double perToken = 2.0 * width * 4 * width; // queries, keys, values, output
    if (kind == Kind.TRANSFORMER) {
      perToken += 2.0 * 2 * width * feedForward();
    }
    perToken += 2.0 * 2 * width * length; // scores and their use
    double row = length * (layers * perToken + 2.0 * width * width); // pooling
    return trains ? 3 * row : row;
  }
}
