package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Pooling;
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
public final class EncoderLayer extends AbstractTokensLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private Pooling pooling;
  @JsonProperty private double outputDropout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  EncoderLayer() {}

  private EncoderLayer(Builder builder) {
    super(builder);
    pooling = builder.pooling;
    outputDropout = builder.dropout().output();
  }

  @Override
  EncoderShape shape() {
    return shape(EncoderShape.Part.WHOLE).pooling(pooling).build();
  }

  @Override
  Dropout dropout() {
    return startDropout().output(outputDropout).build();
  }

  /** Builds the layer; {@code nIn} is the vocabulary, {@code nOut} the width. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractTokensLayer.Builder<Builder> {
    private Pooling pooling = Pooling.ATTENTION;

    @Override
    EncoderShape.Part part() {
      return EncoderShape.Part.WHOLE;
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
    public EncoderLayer build() {
      EncoderLayer layer = new EncoderLayer(this);
      layer.completeWidths();
      return layer;
    }
  }
}
