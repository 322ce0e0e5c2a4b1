package io.attune.neural.layer;

import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.ngram.NgramLayout;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Provides the parameters of a {@link NgramAttentionLayer} to DL4J, and their initial values, which
 * are as in {@link EncoderInitializer} and depend only on the layer's seed.
 */
public final class NgramInitializer implements ParamInitializer {
  static final NgramInitializer INSTANCE = new NgramInitializer();

  private NgramInitializer() {}

  private static NgramLayout layout(Layer layer) {
    return ((NgramAttentionLayer) layer).layout();
  }

  @Override
  public long numParams(NeuralNetConfiguration configuration) {
    return numParams(configuration.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return layout(layer).length();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return layout(layer).slots().stream().map(Slot::name).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return layout(layer).names(Role.EMBEDDING, Role.WEIGHT);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return layout(layer).names(Role.BIAS);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return weightKeys(layer).contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return biasKeys(layer).contains(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration configuration, INDArray view, boolean initialize) {
    NgramAttentionLayer layer = (NgramAttentionLayer) configuration.getLayer();
    Map<String, INDArray> parameters = layer.layout().views(view);
    if (initialize) {
      SplittableRandom random = new SplittableRandom(layer.seed());
      for (Slot slot : layer.layout().slots()) {
        EncoderInitializer.start(slot, parameters.get(slot.name()), random.split());
      }
    }
    parameters.keySet().forEach(configuration::addVariable);
    return parameters;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray view) {
    return layout(configuration.getLayer()).views(view);
  }
}
