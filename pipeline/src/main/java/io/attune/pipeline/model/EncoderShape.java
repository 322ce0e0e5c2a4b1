package io.attune.pipeline.model;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.model.ModelConfig.Activation;
import io.attune.pipeline.model.ModelConfig.Norm;
import io.attune.pipeline.model.ModelConfig.Pooling;
import io.attune.pipeline.model.ModelConfig.Positions;

/**
 * What fixes the parameters and the arithmetic of an {@link EncoderLayer}, dropout apart.
 *
 * @param vocabulary token ids are below it
 * @param maxTokens the longest row, padding included
 * @param feedForward 0 for blocks without a feed-forward layer
 */
record EncoderShape(
    int vocabulary,
    int maxTokens,
    int blocks,
    int heads,
    int width,
    int feedForward,
    Norm norm,
    Activation activation,
    Positions positions,
    Pooling pooling) {
  /** Token ids travel in float arrays, which hold whole numbers exactly up to here. */
  private static final int MAX_VOCABULARY = 1 << 24;

  EncoderShape {
    require(
        vocabulary >= 1 && vocabulary <= MAX_VOCABULARY,
        "the vocabulary must be in [1, %d], got %d",
        MAX_VOCABULARY,
        vocabulary);
    require(maxTokens >= 1, "maxTokens must be at least 1, got %d", maxTokens);
    require(blocks >= 0, "blocks must not be negative, got %d", blocks);
    require(width >= 1, "width must be at least 1, got %d", width);
    require(feedForward >= 0, "feedForward must not be negative, got %d", feedForward);
    require(
        heads >= 1 && width % heads == 0,
        "heads must divide the width, got %d heads and width %d",
        heads,
        width);
  }

  int headWidth() {
    return width / heads;
  }

  boolean hasFeedForward() {
    return feedForward > 0;
  }

  /** Whether the last block's output, which pre-norm leaves as it is, is normalised. */
  boolean hasFinalNorm() {
    return blocks > 0 && norm == Norm.PRE;
  }
}
