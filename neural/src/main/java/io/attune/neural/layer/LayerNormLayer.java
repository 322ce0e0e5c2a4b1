package io.attune.neural.layer;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderShape;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Normalises layers (Ba et al. 2016): each vector is centred, scaled to deviation 1, then
 * multiplied by a learned gain and shifted by a learned vector.
 *
 * <p>Input and output: {@code [batch, width, time]} with a mask {@code [batch, time]} or none, or
 * {@code [batch, width]}.
 */
public final class LayerNormLayer extends AbstractEncoderLayer {
  private static final long serialVersionUID = 1;

  /** Makes an empty layer, which DL4J fills from JSON. */
  LayerNormLayer() {}

  private LayerNormLayer(Builder builder) {
    super(builder);
  }

  @Override
  EncoderShape shape() {
    return EncoderShape.norm(Math.toIntExact(nOut));
  }

  @Override
  Dropout dropout() {
    return Dropout.NONE;
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
    return List.of();
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return inputType.getType() == InputType.Type.FF
        ? null
        : super.getPreProcessorForInputType(inputType);
  }

  /** Builds the layer; {@code nIn} and {@code nOut} are the width, and one of them is enough. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends AbstractEncoderLayer.Builder<Builder> {
    @Override
    public LayerNormLayer build() {
      LayerNormLayer layer = new LayerNormLayer(this);
      layer.completeWidths();
      return layer;
    }
  }
}
