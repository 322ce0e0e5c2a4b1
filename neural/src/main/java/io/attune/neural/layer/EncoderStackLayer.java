package io.attune.neural.layer;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.LoraConfig;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.nd4j.Nd4jLora;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Maps the vectors of tokens to one vector for each row: the upper part of an {@link EncoderLayer},
 * with its last blocks, which it counts from 0, their last normalisation if that is {@link
 * io.attune.neural.encoder.Norm#PRE}, and its pooling.
 *
 * <p>Input: {@code [batch, width, time]}, with a mask {@code [batch, time]} or none. Output: {@code
 * [batch, width]}, no mask; zeros for a row without a real token.
 *
 * <p>With low-rank adaptation (Hu et al. 2021) the layer's parameters are the factors and a learned
 * pooling. Those that are not trained are no parameters of the network: neither its JSON nor a
 * saved model has them, and {@link EncoderLayerImpl#adapt} gives them to each network that is made
 * of either.
 */
public final class EncoderStackLayer extends AbstractBlocksLayer {
  private static final long serialVersionUID = 1;

  @JsonProperty private Pooling pooling;
  @JsonProperty private double outputDropout;

  /** Holds 0 without low-rank adaptation. */
  @JsonProperty private int loraRank;

  @JsonProperty private double loraAlpha;
  @JsonProperty private List<LoraConfig.Matrix> loraMatrices = List.of();

  /** Holds the parameters that are not trained; copies of this layer share them. */
  private transient INDArray frozen;

  /** Makes an empty layer, which DL4J fills from JSON. */
  EncoderStackLayer() {}

  private EncoderStackLayer(Builder builder) {
    super(builder);
    pooling = builder.pooling;
    outputDropout = builder.dropout().output();
    if (builder.lora != null) {
      loraRank = builder.lora.rank();
      loraAlpha = builder.lora.alpha();
      loraMatrices = new ArrayList<>(builder.lora.matrices()); // a type that DL4J's JSON knows
    }
  }

  @Override
  EncoderShape shape() {
    return shape(EncoderShape.Part.STACK).pooling(pooling).build();
  }

  boolean adapts() {
    return loraRank > 0;
  }

  private LoraConfig lora() {
    return new LoraConfig(loraRank, loraAlpha, loraMatrices);
  }

  @Override
  EncoderLayout trainedLayout(EncoderShape shape) {
    return adapts() ? EncoderLayout.adapted(shape, lora()) : EncoderLayout.of(shape);
  }

  /** Sets the parameters that are not trained. */
  void adapt(INDArray parameters) {
    frozen = parameters;
  }

  @Override
  Optional<Nd4jLora> createAdaptation(DataType dataType) {
    if (!adapts()) {
      return Optional.empty();
    }
    require(
        frozen != null,
        "%s: low-rank adaptation lacks the parameters that it adapts, which no JSON and no saved"
            + " network holds; give them to the network with EncoderLayerImpl.adapt",
        id());
    return Optional.of(new Nd4jLora(shape(), lora(), frozen, dataType));
  }

  @Override
  List<Object> identity() {
    List<Object> identity = new ArrayList<>(super.identity());
    identity.addAll(List.of(loraRank, loraAlpha, loraMatrices));
    return identity;
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
    private LoraConfig lora;

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

    /** Trains low-rank factors of matrices in place of the parameters themselves. */
    public Builder lora(LoraConfig value) {
      lora = value;
      return this;
    }

    @Override
    public EncoderStackLayer build() {
      EncoderStackLayer layer = new EncoderStackLayer(this);
      layer.completeWidths();
      if (layer.adapts()) {
        layer.layout(); // refuses a rank or a matrix that the shape rules out
      }
      return layer;
    }
  }
}
