package io.attune.neural.encoder;

import static io.attune.schemas.Requirements.require;

/**
 * Defines the parameters and the arithmetic of an encoder or of one part of it, except for dropout.
 *
 * @param part the whole encoder or one of its parts; the other values apply where the part has them
 * @param vocabulary token ids are below it; 0 if the input is vectors
 * @param maxTokens the longest row, padding included
 * @param feedForward 0 for blocks without a feed-forward layer
 */
public record EncoderShape(
    Part part,
    int vocabulary,
    int maxTokens,
    int blocks,
    int heads,
    int width,
    int feedForward,
    Norm norm,
    FeedForwardActivation activation,
    Positions positions,
    Pooling pooling) {
  /** Holds the value that layer normalisation adds to the variance; as in PyTorch. */
  public static final double NORM_EPSILON = 1e-5;

  /**
   * Selects the whole encoder, which is an embedding, blocks, a normalisation and a pooling, or one
   * of its parts; a part has input and output vectors of one width.
   */
  public enum Part {
    /** Maps token ids to pooled vectors. */
    WHOLE,
    /** Maps token ids to vectors. */
    EMBEDDING,
    /** Maps vectors to vectors by attention alone, without the residual and the normalisation. */
    ATTENTION,
    /** Maps vectors to vectors by blocks as in a whole encoder. */
    BLOCK,
    /** Normalises vectors. */
    NORM,
    /** Maps vectors to pooled vectors. */
    POOLING
  }

  /** Permits rows of any length, for parts that have neither positions nor dropout of tokens. */
  public static final int ANY_LENGTH = Integer.MAX_VALUE;

  /**
   * Limits token ids to whole numbers that floats represent exactly, since they are passed in float
   * arrays.
   */
  private static final int MAX_VOCABULARY = 1 << 24;

  public EncoderShape {
    require(
        !embeds(part) || (vocabulary >= 1 && vocabulary <= MAX_VOCABULARY),
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

  /** Describes a whole encoder. */
  public EncoderShape(
      int vocabulary,
      int maxTokens,
      int blocks,
      int heads,
      int width,
      int feedForward,
      Norm norm,
      FeedForwardActivation activation,
      Positions positions,
      Pooling pooling) {
    this(
        Part.WHOLE,
        vocabulary,
        maxTokens,
        blocks,
        heads,
        width,
        feedForward,
        norm,
        activation,
        positions,
        pooling);
  }

  public static EncoderShape embedding(
      int vocabulary, int maxTokens, int width, Positions positions) {
    return new EncoderShape(
        Part.EMBEDDING,
        vocabulary,
        maxTokens,
        0,
        1,
        width,
        0,
        Norm.PRE,
        FeedForwardActivation.RELU,
        positions,
        Pooling.MEAN);
  }

  public static EncoderShape attention(int maxTokens, int heads, int width) {
    return vectors(Part.ATTENTION, maxTokens, heads, width, Pooling.MEAN);
  }

  public static EncoderShape norm(int width) {
    return vectors(Part.NORM, ANY_LENGTH, 1, width, Pooling.MEAN);
  }

  public static EncoderShape pooling(int width, Pooling pooling) {
    return vectors(Part.POOLING, ANY_LENGTH, 1, width, pooling);
  }

  private static EncoderShape vectors(
      Part part, int maxTokens, int heads, int width, Pooling pooling) {
    return new EncoderShape(
        part,
        0,
        maxTokens,
        0,
        heads,
        width,
        0,
        Norm.PRE,
        FeedForwardActivation.RELU,
        Positions.NONE,
        pooling);
  }

  private static boolean embeds(Part part) {
    return part == Part.WHOLE || part == Part.EMBEDDING;
  }

  /** Returns whether the input is token ids, not vectors. */
  public boolean embeds() {
    return embeds(part);
  }

  /** Returns whether the output is one vector for each row, not for each token. */
  public boolean pools() {
    return part == Part.WHOLE || part == Part.POOLING;
  }

  public int headWidth() {
    return width / heads;
  }

  public boolean hasFeedForward() {
    return feedForward > 0;
  }

  /**
   * Returns whether the output of the blocks, which pre-norm leaves unnormalised, is normalised.
   */
  public boolean hasFinalNorm() {
    return part == Part.NORM || (part == Part.WHOLE && blocks > 0 && norm == Norm.PRE);
  }
}
