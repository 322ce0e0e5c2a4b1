package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Positions;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Maps token ids to one vector for each token: the lower part of an {@link EncoderLayer}, with its
 * embedding, positions and first blocks. An {@link EncoderStackLayer} after it completes the whole.
 *
 * <p>Input: {@code [batch, time]} token ids, whole numbers in {@code [0, nIn)}, with a mask {@code
 * [batch, time]} or none. Output: {@code [batch, nOut, time]}. The layer must be the first one.
 */
public final class EncoderStemLayer extends AbstractBlocksLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private Positions positions;
  @JsonProperty private boolean embeddingNorm;
  @JsonProperty private double wordDropout;
  @JsonProperty private double embeddingDropout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  EncoderStemLayer() {}

  private EncoderStemLayer(Builder builder) {
    super(builder);
    positions = builder.positions;
    embeddingNorm = builder.embeddingNorm;
    wordDropout = builder.dropout().word();
    embeddingDropout = builder.dropout().embedding();
  }

  @Override
  EncoderShape shape() {
    return shape(EncoderShape.Part.STEM)
        .vocabulary(Math.toIntExact(nIn))
        .positions(positions)
        .embeddingNorm(embeddingNorm)
        .build();
  }

  @Override
  Dropout dropout() {
    return blocksDropout().word(wordDropout).embedding(embeddingDropout).build();
  }

  @Override
  boolean takesTokens() {
    return true;
  }

  /** Builds the layer; {@code nIn} is the vocabulary, {@code nOut} the width. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractBlocksLayer.Builder<Builder> {
    private Positions positions = Positions.LEARNED;
    private boolean embeddingNorm;

    @Override
    EncoderShape.Part part() {
      return EncoderShape.Part.STEM;
    }

    @Override
    public Builder shape(EncoderShape value) {
      positions = value.positions();
      embeddingNorm = value.embeddingNorm();
      return super.shape(value);
    }

    public Builder positions(Positions value) {
      positions = value;
      return this;
    }

    /** Sets whether the sum of a token's and its position's vector is normalised, as in BERT. */
    public Builder embeddingNorm(boolean value) {
      embeddingNorm = value;
      return this;
    }

    @Override
    public EncoderStemLayer build() {
      EncoderStemLayer layer = new EncoderStemLayer(this);
      layer.completeWidths();
      return layer;
    }
  }
}
