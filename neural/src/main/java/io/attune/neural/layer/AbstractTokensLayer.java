package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Positions;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Implements what a whole encoder and its stem have in common: an embedding below the blocks. */
abstract class AbstractTokensLayer extends AbstractBlocksLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private Positions positions;
  @JsonProperty private boolean embeddingNorm;
  @JsonProperty private double wordDropout;
  @JsonProperty private double embeddingDropout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  AbstractTokensLayer() {}

  AbstractTokensLayer(Builder<?> builder) {
    super(builder);
    positions = builder.positions;
    embeddingNorm = builder.embeddingNorm;
    wordDropout = builder.dropout().word();
    embeddingDropout = builder.dropout().embedding();
  }

  /** Starts the shape from the values of the embedding and the blocks. */
  @Override
  final EncoderShape.Builder shape(EncoderShape.Part part) {
    return super.shape(part)
        .vocabulary(Math.toIntExact(nIn))
        .positions(positions)
        .embeddingNorm(embeddingNorm);
  }

  /** Starts the dropout from the values of the embedding and the blocks. */
  @Override
  final Dropout.Builder startDropout() {
    return super.startDropout().word(wordDropout).embedding(embeddingDropout);
  }

  @Override
  final boolean takesTokens() {
    return true;
  }

  /** Configures what these layers have in common; {@code nIn} is the vocabulary. */
  @SuppressWarnings("unchecked") // T is the type of this.
  abstract static class Builder<T extends Builder<T>> extends AbstractBlocksLayer.Builder<T> {
    private Positions positions = Positions.LEARNED;
    private boolean embeddingNorm;

    @Override
    public T shape(EncoderShape value) {
      positions = value.positions();
      embeddingNorm = value.embeddingNorm();
      return super.shape(value);
    }

    public T positions(Positions value) {
      positions = value;
      return (T) this;
    }

    /** Sets whether the sum of a token's and its position's vector is normalised, as in BERT. */
    public T embeddingNorm(boolean value) {
      embeddingNorm = value;
      return (T) this;
    }
  }
}
