package io.attune.neural.layer;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Implements what a whole encoder, its stem and its stack have in common: blocks. */
abstract class AbstractBlocksLayer extends AbstractEncoderLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private int maxTokens;
  @JsonProperty private int blocks;
  @JsonProperty private int heads;
  @JsonProperty private int feedForward;
  @JsonProperty private Norm norm;

  /** Holds the usual value if the JSON is of a version without this property. */
  @JsonProperty private double normEpsilon = EncoderShape.NORM_EPSILON;

  @JsonProperty private FeedForwardActivation feedForwardActivation;
  @JsonProperty private double attentionDropout;
  @JsonProperty private double residualDropout;
  @JsonProperty private double feedForwardDropout;
  @JsonProperty private long seed;

  /** Makes an empty layer, which DL4J fills from JSON. */
  AbstractBlocksLayer() {}

  AbstractBlocksLayer(Builder<?> builder) {
    super(builder);
    maxTokens = builder.maxTokens;
    blocks = builder.blocks;
    heads = builder.heads;
    feedForward = builder.feedForward;
    norm = builder.norm;
    normEpsilon = builder.normEpsilon;
    feedForwardActivation = builder.feedForwardActivation;
    attentionDropout = builder.dropout.attention();
    residualDropout = builder.dropout.residual();
    feedForwardDropout = builder.dropout.feedForward();
    seed = builder.seed;
  }

  /** Starts the shape from the blocks' values. */
  EncoderShape.Builder shape(EncoderShape.Part part) {
    return EncoderShape.builder(part, Math.toIntExact(nOut))
        .maxTokens(maxTokens)
        .blocks(blocks)
        .heads(heads)
        .feedForward(feedForward)
        .norm(norm)
        .normEpsilon(normEpsilon)
        .activation(feedForwardActivation);
  }

  /** Starts the dropout from the blocks' values. */
  Dropout.Builder startDropout() {
    return Dropout.builder()
        .attention(attentionDropout)
        .residual(residualDropout)
        .feedForward(feedForwardDropout);
  }

  @Override
  final long seedIn(NeuralNetConfiguration configuration) {
    return seed;
  }

  @Override
  List<Object> identity() {
    return List.of(shape(), dropout(), seed);
  }

  /** Configures what these layers have in common; {@code nOut} is the width. */
  @SuppressWarnings("unchecked") // T is the type of this.
  abstract static class Builder<T extends Builder<T>> extends AbstractEncoderLayer.Builder<T> {
    private int maxTokens = 512;
    private int blocks = 1;
    private int heads = 1;
    private int feedForward;
    private Norm norm = Norm.PRE;
    private double normEpsilon = EncoderShape.NORM_EPSILON;
    private FeedForwardActivation feedForwardActivation = FeedForwardActivation.GELU;
    private Dropout dropout = Dropout.NONE;
    private long seed;

    /** Returns the part of an encoder that the layer computes. */
    abstract EncoderShape.Part part();

    /** Returns the dropout, which is set as a whole. */
    final Dropout dropout() {
      return dropout;
    }

    /** Sets all that a shape says; its part must be the one that this layer computes. */
    public T shape(EncoderShape value) {
      require(
          value.part() == part(),
          "the shape must be of part %s, got %s of part %s",
          part(),
          value,
          value.part());
      nIn(value.embeds() ? value.vocabulary() : value.width());
      nOut(value.width());
      maxTokens = value.maxTokens();
      blocks = value.blocks();
      heads = value.heads();
      feedForward = value.feedForward();
      norm = value.norm();
      normEpsilon = value.normEpsilon();
      feedForwardActivation = value.activation();
      return (T) this;
    }

    /** Limits the length of a row, padding included. */
    public T maxTokens(int value) {
      maxTokens = value;
      return (T) this;
    }

    /**
     * Sets the number of attention blocks, one after the other; with 0 there is only what is below
     * and above them.
     */
    public T blocks(int value) {
      blocks = value;
      return (T) this;
    }

    /** Sets the attention heads of a block; must divide {@code nOut}. */
    public T heads(int value) {
      heads = value;
      return (T) this;
    }

    /** Sets the width between the halves of the feed-forward layers; 0 for blocks without one. */
    public T feedForward(int value) {
      feedForward = value;
      return (T) this;
    }

    public T norm(Norm value) {
      norm = value;
      return (T) this;
    }

    /** Sets the value that layer normalisation adds to the variance. */
    public T normEpsilon(double value) {
      normEpsilon = value;
      return (T) this;
    }

    public T feedForwardActivation(FeedForwardActivation value) {
      feedForwardActivation = value;
      return (T) this;
    }

    /** Sets what is dropped in training; fractions for what the layer does not have are ignored. */
    public T dropout(Dropout value) {
      dropout = value;
      return (T) this;
    }

    /** Sets the seed of the initial parameters and of dropout. */
    public T seed(long value) {
      seed = value;
      return (T) this;
    }
  }
}
