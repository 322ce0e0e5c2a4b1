package io.attune.neural.encoder;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Defines the parameters and the arithmetic of an encoder or of one part of it, except for dropout;
 * made by a {@link Builder}.
 *
 * @param part the whole encoder or one of its parts; the other values apply where the part has them
 * @param vocabulary token ids are below it; 0 if the input is vectors
 * @param maxTokens the longest row, padding included
 * @param feedForward 0 for blocks without a feed-forward layer
 * @param normEpsilon value that layer normalisation adds to the variance
 * @param embeddingNorm whether the sum of a token's and its position's vector is normalised, as in
 *     BERT
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
    double normEpsilon,
    FeedForwardActivation activation,
    Positions positions,
    boolean embeddingNorm,
    Pooling pooling)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Holds the usual value that layer normalisation adds to the variance; as in PyTorch. */
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
    POOLING,
    /** Maps token ids to vectors: the embedding and the first blocks of a whole encoder. */
    STEM,
    /**
     * Maps the vectors of a stem to pooled vectors: the other blocks of a whole encoder, counted
     * from 0, its last normalisation and its pooling.
     */
    STACK
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
    require(
        normEpsilon > 0 && normEpsilon < 1, "normEpsilon must be in (0, 1), got %s", normEpsilon);
    require(
        embeds(part) || (positions == Positions.NONE && !embeddingNorm),
        "positions and embeddingNorm need token ids, and the input of %s is vectors",
        part);
    require(
        positions == Positions.NONE || maxTokens < ANY_LENGTH,
        "positions %s need a limit of the rows' length, maxTokens",
        positions);
  }

  /**
   * Starts from an encoder without blocks for rows of any length: one head, no feed-forward layer,
   * pre-norm, GELU, no positions, no embedding norm, mean pooling.
   */
  public static Builder builder(Part part, int width) {
    return new Builder(part, width);
  }

  public static EncoderShape embedding(
      int vocabulary, int maxTokens, int width, Positions positions) {
    return builder(Part.EMBEDDING, width)
        .vocabulary(vocabulary)
        .maxTokens(maxTokens)
        .positions(positions)
        .build();
  }

  public static EncoderShape attention(int maxTokens, int heads, int width) {
    return builder(Part.ATTENTION, width).maxTokens(maxTokens).heads(heads).build();
  }

  public static EncoderShape norm(int width) {
    return builder(Part.NORM, width).build();
  }

  public static EncoderShape pooling(int width, Pooling pooling) {
    return builder(Part.POOLING, width).pooling(pooling).build();
  }

  private static boolean embeds(Part part) {
    return part == Part.WHOLE || part == Part.EMBEDDING || part == Part.STEM;
  }

  /** Returns whether the input is token ids, not vectors. */
  public boolean embeds() {
    return embeds(part);
  }

  /** Returns whether the output is one vector for each row, not for each token. */
  public boolean pools() {
    return part == Part.WHOLE || part == Part.POOLING || part == Part.STACK;
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
    return switch (part) {
      case NORM -> true;
      case WHOLE -> blocks > 0 && norm == Norm.PRE;
      case STACK -> norm == Norm.PRE;
      case EMBEDDING, ATTENTION, BLOCK, POOLING, STEM -> false;
    };
  }

  /** Returns the values by name, to change some of them. */
  public Builder toBuilder() {
    return builder(part, width)
        .vocabulary(vocabulary)
        .maxTokens(maxTokens)
        .blocks(blocks)
        .heads(heads)
        .feedForward(feedForward)
        .norm(norm)
        .normEpsilon(normEpsilon)
        .activation(activation)
        .positions(positions)
        .embeddingNorm(embeddingNorm)
        .pooling(pooling);
  }

  /** Collects what differs from the defaults of {@link #builder}. */
  public static final class Builder {
    private final Part part;
    private final int width;
    private int vocabulary;
    private int maxTokens = ANY_LENGTH;
    private int blocks;
    private int heads = 1;
    private int feedForward;
    private Norm norm = Norm.PRE;
    private double normEpsilon = NORM_EPSILON;
    private FeedForwardActivation activation = FeedForwardActivation.GELU;
    private Positions positions = Positions.NONE;
    private boolean embeddingNorm;
    private Pooling pooling = Pooling.MEAN;

    private Builder(Part part, int width) {
      this.part = part;
      this.width = width;
    }

    public Builder vocabulary(int value) {
      vocabulary = value;
      return this;
    }

    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    public Builder blocks(int value) {
      blocks = value;
      return this;
    }

    public Builder heads(int value) {
      heads = value;
      return this;
    }

    public Builder feedForward(int value) {
      feedForward = value;
      return this;
    }

    public Builder norm(Norm value) {
      norm = value;
      return this;
    }

    public Builder normEpsilon(double value) {
      normEpsilon = value;
      return this;
    }

    public Builder activation(FeedForwardActivation value) {
      activation = value;
      return this;
    }

    public Builder positions(Positions value) {
      positions = value;
      return this;
    }

    public Builder embeddingNorm(boolean value) {
      embeddingNorm = value;
      return this;
    }

    public Builder pooling(Pooling value) {
      pooling = value;
      return this;
    }

    /** Makes the shape; refuses what {@link EncoderShape} refuses. */
    public EncoderShape build() {
      return new EncoderShape(
          part,
          vocabulary,
          maxTokens,
          blocks,
          heads,
          width,
          feedForward,
          norm,
          normEpsilon,
          activation,
          positions,
          embeddingNorm,
          pooling);
    }
  }
}
