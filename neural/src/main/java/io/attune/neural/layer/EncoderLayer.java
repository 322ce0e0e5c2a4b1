package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Maps token ids to one vector for each row: embedding, positions, attention blocks and pooling as
 * a single DL4J layer.
 *
 * <p>Input: {@code [batch, time]} token ids, whole numbers in {@code [0, nIn)} in an array of any
 * type; feature mask {@code [batch, time]}, 1 for a real token and 0 for padding, or none if every
 * token is real. Output: {@code [batch, nOut]}; no mask. Values at padding are never read. The
 * output of a row without a real token is zeros and has no gradient. The layer must be the first
 * one: it has no gradient for its input.
 *
 * <p>Dropout depends on the layer's seed, the iteration and the tokens of the batch only, so that
 * the same step always drops the same values.
 *
 * <p>L1, L2 and weight decay act on weight matrices only: with an adaptive updater they would
 * shrink the embeddings of tokens that rarely occur.
 *
 * <p>A call fails with an {@code IllegalArgumentException} that names the layer, the shapes and the
 * rule if the mask differs in shape from the tokens, a row is longer than {@code maxTokens}, or a
 * real token is not an id of the vocabulary.
 */
public final class EncoderLayer extends AbstractEncoderLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private int maxTokens;
  @JsonProperty private int blocks;
  @JsonProperty private int heads;
  @JsonProperty private int feedForward;
  @JsonProperty private Norm norm;
  @JsonProperty private FeedForwardActivation feedForwardActivation;
  @JsonProperty private Positions positions;
  @JsonProperty private Pooling pooling;
  @JsonProperty private double wordDropout;
  @JsonProperty private double attentionDropout;
  @JsonProperty private double residualDropout;
  @JsonProperty private double feedForwardDropout;
  @JsonProperty private double outputDropout;
  @JsonProperty private long seed;

  /** Makes an empty layer, which DL4J fills from JSON. */
  EncoderLayer() {}

  private EncoderLayer(Builder builder) {
    super(builder);
    maxTokens = builder.maxTokens;
    blocks = builder.blocks;
    heads = builder.heads;
    feedForward = builder.feedForward;
    norm = builder.norm;
    feedForwardActivation = builder.feedForwardActivation;
    positions = builder.positions;
    pooling = builder.pooling;
    wordDropout = builder.dropout.word();
    attentionDropout = builder.dropout.attention();
    residualDropout = builder.dropout.residual();
    feedForwardDropout = builder.dropout.feedForward();
    outputDropout = builder.dropout.output();
    seed = builder.seed;
  }

  @Override
  EncoderShape shape() {
    return EncoderShape.builder(EncoderShape.Part.WHOLE, Math.toIntExact(nOut))
        .vocabulary(Math.toIntExact(nIn))
        .maxTokens(maxTokens)
        .blocks(blocks)
        .heads(heads)
        .feedForward(feedForward)
        .norm(norm)
        .activation(feedForwardActivation)
        .positions(positions)
        .pooling(pooling)
        .build();
  }

  @Override
  Dropout dropout() {
    return Dropout.builder()
        .word(wordDropout)
        .attention(attentionDropout)
        .residual(residualDropout)
        .feedForward(feedForwardDropout)
        .output(outputDropout)
        .build();
  }

  @Override
  long seedIn(NeuralNetConfiguration configuration) {
    return seed;
  }

  @Override
  boolean takesTokens() {
    return true;
  }

  @Override
  List<Object> identity() {
    return List.of(shape(), dropout(), seed);
  }

  /** Builds an {@link EncoderLayer}; {@code nIn} is the vocabulary, {@code nOut} the width. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractEncoderLayer.Builder<Builder> {
    private int maxTokens = 512;
    private int blocks = 1;
    private int heads = 1;
    private int feedForward;
    private Norm norm = Norm.PRE;
    private FeedForwardActivation feedForwardActivation = FeedForwardActivation.GELU;
    private Positions positions = Positions.LEARNED;
    private Pooling pooling = Pooling.ATTENTION;
    private Dropout dropout = Dropout.NONE;
    private long seed;

    /** Limits the length of a row, padding included. */
    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    /**
     * Sets the number of attention blocks, one after the other; 0 pools the embeddings themselves.
     */
    public Builder blocks(int value) {
      blocks = value;
      return this;
    }

    /** Sets the attention heads of a block; must divide {@code nOut}. */
    public Builder heads(int value) {
      heads = value;
      return this;
    }

    /** Sets the width between the halves of the feed-forward layers; 0 for blocks without one. */
    public Builder feedForward(int value) {
      feedForward = value;
      return this;
    }

    public Builder norm(Norm value) {
      norm = value;
      return this;
    }

    public Builder feedForwardActivation(FeedForwardActivation value) {
      feedForwardActivation = value;
      return this;
    }

    public Builder positions(Positions value) {
      positions = value;
      return this;
    }

    public Builder pooling(Pooling value) {
      pooling = value;
      return this;
    }

    public Builder dropout(Dropout value) {
      dropout = value;
      return this;
    }

    /** Sets the seed of the initial parameters and of dropout. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    @Override
    public EncoderLayer build() {
      EncoderLayer layer = new EncoderLayer(this);
      layer.completeWidths();
      return layer;
    }
  }
}
