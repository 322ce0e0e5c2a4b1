package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;

/**
 * Maps token ids to one vector for each token: the lower part of an {@link EncoderLayer}, with its
 * embedding, positions and first blocks. An {@link EncoderStackLayer} after it completes the whole.
 *
 * <p>Input: {@code [batch, time]} token ids, whole numbers in {@code [0, nIn)}, with a mask {@code
 * [batch, time]} or none. Output: {@code [batch, nOut, time]}. The layer must be the first one.
 */
public final class EncoderStemLayer extends AbstractTokensLayer {
  private static final long serialVersionUID = 1;

  /** Makes an empty layer, which DL4J fills from JSON. */
  EncoderStemLayer() {}

  private EncoderStemLayer(Builder builder) {
    super(builder);
  }

  @Override
  EncoderShape shape() {
    return shape(EncoderShape.Part.STEM).build();
  }

  @Override
  Dropout dropout() {
    return startDropout().build();
  }

  /** Builds the layer; {@code nIn} is the vocabulary, {@code nOut} the width. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractTokensLayer.Builder<Builder> {
    @Override
    EncoderShape.Part part() {
      return EncoderShape.Part.STEM;
    }

    @Override
    public EncoderStemLayer build() {
      EncoderStemLayer layer = new EncoderStemLayer(this);
      layer.completeWidths();
      return layer;
    }
  }
}
