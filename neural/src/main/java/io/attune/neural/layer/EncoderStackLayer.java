package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Pooling;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Maps the vectors of tokens to one vector for each row: the upper part of an {@link EncoderLayer},
 * with its last blocks, which it counts from 0, their last normalisation if that is {@link
 * io.attune.neural.encoder.Norm#PRE}, and its pooling.
 *
 * <p>Input: {@code [batch, width, time]}, with a mask {@code [batch, time]} or none. Output: {@code
 * [batch, width]}, no mask; zeros for a row without a real token.
 */
public final class EncoderStackLayer extends AbstractBlocksLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private Pooling pooling;
  @JsonProperty private double outputDropout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  EncoderStackLayer() {}

  private EncoderStackLayer(Builder builder) {
    super(builder);
    pooling = builder.pooling;
    outputDropout = builder.dropout().output();
  }

  @Override
  EncoderShape shape() {
    return shape(EncoderShape.Part.STACK).pooling(pooling).build();
  }

  @Override
  Dropout dropout() {
    return startDropout().output(outputDropout).build();
  }

  @Override
  boolean takesTokens() {
    return false;
  }

  /** Builds the layer; {@code nIn} and {@code nOut} are the width, and one of them is enough. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractBlocksLayer.Builder<Builder> {
    private Pooling pooling = Pooling.ATTENTION;

    @Override
    EncoderShape.Part part() {
      return EncoderShape.Part.STACK;
    }

    @Override
    public Builder shape(EncoderShape value) {
      pooling = value.pooling();
      return super.shape(value);
    }

    public Builder pooling(Pooling value) {
      pooling = value;
      return this;
    }

    @Override
    public EncoderStackLayer build() {
      EncoderStackLayer layer = new EncoderStackLayer(this);
      layer.completeWidths();
      return layer;
    }
  }
}
