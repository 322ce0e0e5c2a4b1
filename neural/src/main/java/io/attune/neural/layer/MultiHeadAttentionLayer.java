package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Computes multi-head self-attention (Vaswani et al. 2017, 3.2) with its projections, without
 * residual and normalisation.
 *
 * <p>Input and output: {@code [batch, width, time]}, with a mask {@code [batch, time]} or none.
 */
public final class MultiHeadAttentionLayer extends AbstractEncoderLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private int maxTokens;
  @JsonProperty private int heads;
  @JsonProperty private double attentionDropout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  MultiHeadAttentionLayer() {}

  private MultiHeadAttentionLayer(Builder builder) {
    super(builder);
    maxTokens = builder.maxTokens;
    heads = builder.heads;
    attentionDropout = builder.attentionDropout;
  }

  @Override
  EncoderShape shape() {
    return EncoderShape.attention(maxTokens, heads, Math.toIntExact(nOut));
  }

  @Override
  Dropout dropout() {
    return Dropout.builder().attention(attentionDropout).build();
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
    return List.of(maxTokens, heads, attentionDropout);
  }

  /** Builds the layer; {@code nIn} and {@code nOut} are the width, and one of them is enough. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractEncoderLayer.Builder<Builder> {
    private int maxTokens = 512;
    private int heads = 1;
    private double attentionDropout;

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

    /** Sets the fraction of attention weights that are 0 in training, in [0, 1). */
    public Builder attentionDropout(double value) {
      attentionDropout = value;
      return this;
    }

    @Override
    public MultiHeadAttentionLayer build() {
      MultiHeadAttentionLayer layer = new MultiHeadAttentionLayer(this);
      layer.completeWidths();
      layer.dropout();
      return layer;
    }
  }
}
