package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Computes a block of a Transformer's encoder: self-attention and a feed-forward layer on a
 * residual stream (Vaswani et al. 2017, 3.1). With {@link Norm#PRE} the output of the last block is
 * not normalised: a {@link LayerNormLayer} must follow it.
 *
 * <p>Input and output: {@code [batch, width, time]}, with a mask {@code [batch, time]} or none.
 */
public final class TransformerBlockLayer extends AbstractEncoderLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private int maxTokens;
  @JsonProperty private int heads;
  @JsonProperty private int feedForward;
  @JsonProperty private Norm norm;
  @JsonProperty private FeedForwardActivation feedForwardActivation;
  @JsonProperty private double attentionDropout;
  @JsonProperty private double residualDropout;
  @JsonProperty private double feedForwardDropout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  TransformerBlockLayer() {}

  private TransformerBlockLayer(Builder builder) {
    super(builder);
    maxTokens = builder.maxTokens;
    heads = builder.heads;
    feedForward = builder.feedForward;
    norm = builder.norm;
    feedForwardActivation = builder.feedForwardActivation;
    attentionDropout = builder.attentionDropout;
    residualDropout = builder.residualDropout;
    feedForwardDropout = builder.feedForwardDropout;
  }

  @Override
  EncoderShape shape() {
    return EncoderShape.builder(Part.BLOCK, Math.toIntExact(nOut))
        .maxTokens(maxTokens)
        .blocks(1)
        .heads(heads)
        .feedForward(feedForward)
        .norm(norm)
        .activation(feedForwardActivation)
        .build();
  }

  @Override
  Dropout dropout() {
    return Dropout.builder()
        .attention(attentionDropout)
        .residual(residualDropout)
        .feedForward(feedForwardDropout)
        .build();
  }

  @Override
  long seedIn(NeuralNetConfiguration configuration) {
    return seedByName(configuration);
  }

  @Override
  boolean takesTokens() {
    return false;
  }

  @Override
  List<Object> identity() {
    return List.of(maxTokens, heads, feedForward, norm, feedForwardActivation, dropout());
  }

  /** Builds the layer; {@code nIn} and {@code nOut} are the width, and one of them is enough. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractEncoderLayer.Builder<Builder> {
    private int maxTokens = 512;
    private int heads = 1;
    private int feedForward;
    private Norm norm = Norm.PRE;
    private FeedForwardActivation feedForwardActivation = FeedForwardActivation.GELU;
    private double attentionDropout;
    private double residualDropout;
    private double feedForwardDropout;

    /** Limits the length of a row, padding included. */
    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    /** Sets the number of attention heads; must divide the width. */
    public Builder heads(int value) {
      heads = value;
      return this;
    }

    /** Sets the width between the halves of the feed-forward layer; 0 for a block without one. */
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

    /** Sets the fraction of attention weights that are 0 in training, in [0, 1). */
    public Builder attentionDropout(double value) {
      attentionDropout = value;
      return this;
    }

    /**
     * Sets the fraction of the values added to the residual stream that are 0 in training, in [0,
     * 1).
     */
    public Builder residualDropout(double value) {
      residualDropout = value;
      return this;
    }

    /**
     * Sets the fraction of values between the halves of the feed-forward layer that are 0 in
     * training, in [0, 1).
     */
    public Builder feedForwardDropout(double value) {
      feedForwardDropout = value;
      return this;
    }

    @Override
    public TransformerBlockLayer build() {
      TransformerBlockLayer layer = new TransformerBlockLayer(this);
      layer.completeWidths();
      layer.dropout();
      return layer;
    }
  }
}
