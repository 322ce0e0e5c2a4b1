package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Pooling;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Pools the vectors of a row's tokens into one: additive attention with a learned query (Yang et
 * al. 2016, 2.2), the mean over real tokens, or the first real token.
 *
 * <p>Input: {@code [batch, width, time]}, with a mask {@code [batch, time]} or none. Output: {@code
 * [batch, width]}, no mask; zeros for a row without a real token.
 */
public final class TokenPoolingLayer extends AbstractEncoderLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private Pooling pooling;
  @JsonProperty private double outputDropout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  TokenPoolingLayer() {}

  private TokenPoolingLayer(Builder builder) {
    super(builder);
    pooling = builder.pooling;
    outputDropout = builder.outputDropout;
  }

  @Override
  EncoderShape shape() {
    return EncoderShape.pooling(Math.toIntExact(nOut), pooling);
  }

  @Override
  Dropout dropout() {
    return Dropout.builder().output(outputDropout).build();
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
    return List.of(pooling, outputDropout);
  }

  /** Builds the layer; {@code nIn} and {@code nOut} are the width, and one of them is enough. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractEncoderLayer.Builder<Builder> {
    private Pooling pooling = Pooling.ATTENTION;
    private double outputDropout;

    public Builder pooling(Pooling value) {
      pooling = value;
      return this;
    }

    /** Sets the fraction of the pooled vector's values that are 0 in training, in [0, 1). */
    public Builder outputDropout(double value) {
      outputDropout = value;
      return this;
    }

    @Override
    public TokenPoolingLayer build() {
      TokenPoolingLayer layer = new TokenPoolingLayer(this);
      layer.completeWidths();
      layer.dropout();
      return layer;
    }
  }
}
