package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Positions;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Maps token ids to the sum of a token's and its position's vector.
 *
 * <p>Input: {@code [batch, time]} token ids, whole numbers in {@code [0, nIn)}, with a mask {@code
 * [batch, time]} or none. Output: {@code [batch, nOut, time]}. The layer must be the first one. A
 * step computes nothing for rows of the table whose token does not occur.
 */
public final class TokenEmbeddingLayer extends AbstractEncoderLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private int maxTokens;
  @JsonProperty private Positions positions;
  @JsonProperty private double wordDropout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  TokenEmbeddingLayer() {}

  private TokenEmbeddingLayer(Builder builder) {
    super(builder);
    maxTokens = builder.maxTokens;
    positions = builder.positions;
    wordDropout = builder.wordDropout;
  }

  @Override
  EncoderShape shape() {
    return EncoderShape.embedding(
        Math.toIntExact(nIn), maxTokens, Math.toIntExact(nOut), positions);
  }

  @Override
  Dropout dropout() {
    return Dropout.builder().word(wordDropout).build();
  }

  @Override
  long seedIn(NeuralNetConfiguration configuration) {
    return seedByName(configuration);
  }

  @Override
  boolean takesTokens() {
    return true;
  }

  @Override
  List<Object> identity() {
    return List.of(maxTokens, positions, wordDropout);
  }

  /** Builds the layer; {@code nIn} is the vocabulary, {@code nOut} the width. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractEncoderLayer.Builder<Builder> {
    private int maxTokens = 512;
    private Positions positions = Positions.LEARNED;
    private double wordDropout;

    /** Limits the length of a row, padding included. */
    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    public Builder positions(Positions value) {
      positions = value;
      return this;
    }

    /** Sets the fraction of tokens whose vector is 0 in training, in [0, 1); positions stay. */
    public Builder wordDropout(double value) {
      wordDropout = value;
      return this;
    }

    @Override
    public TokenEmbeddingLayer build() {
      TokenEmbeddingLayer layer = new TokenEmbeddingLayer(this);
      layer.completeWidths();
      layer.dropout();
      return layer;
    }
  }
}
