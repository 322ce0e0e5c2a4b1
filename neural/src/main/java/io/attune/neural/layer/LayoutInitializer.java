package io.attune.neural.layer;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.ParameterLayout;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;
import java.util.function.ToLongFunction;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Provides the parameters of a layer to DL4J by their layout, and their initial values: embeddings
 * uniform with deviation 0.02, matrices uniform with variance 2 / (rows + columns) (Glorot & Bengio
 * 2010, eq. 16), gains 1, biases 0; of two low-rank factors the first uniform with variance 1 / (3
 * rows), as in the code of Hu et al. 2021, and the second 0. The values depend only on the layer's
 * seed.
 */
public final class LayoutInitializer implements ParamInitializer {
  private final Function<Layer, ParameterLayout> layouts;
  private final ToLongFunction<NeuralNetConfiguration> seeds;

  private LayoutInitializer(
      Function<Layer, ParameterLayout> layouts, ToLongFunction<NeuralNetConfiguration> seeds) {
    this.layouts = layouts;
    this.seeds = seeds;
  }

  /**
   * Makes the initializer of a kind of layer.
   *
   * @param seed of a layer in a network's configuration
   */
  static <T extends Layer> LayoutInitializer of(
      Class<T> type,
      Function<T, ParameterLayout> layout,
      ToLongBiFunction<T, NeuralNetConfiguration> seed) {
    return new LayoutInitializer(
        layer -> layout.apply(type.cast(layer)),
        configuration -> seed.applyAsLong(type.cast(configuration.getLayer()), configuration));
  }

  private ParameterLayout layout(Layer layer) {
    return layouts.apply(layer);
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
    return layout(layer).names(Role.EMBEDDING, Role.WEIGHT, Role.DOWN, Role.UP);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return layout(layer).names(Role.BIAS, Role.GAIN);
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
    ParameterLayout layout = layout(configuration.getLayer());
    Map<String, INDArray> parameters = layout.views(view);
    if (initialize) {
      SplittableRandom random = new SplittableRandom(seeds.applyAsLong(configuration));
      layout.slots().forEach(slot -> start(slot, parameters.get(slot.name()), random.split()));
    }
    parameters.keySet().forEach(configuration::addVariable);
    return parameters;
  }

  /** Gives a parameter its initial values. */
  private static void start(Slot slot, INDArray parameter, SplittableRandom random) {
    switch (slot.role()) {
      case BIAS, UP -> parameter.assign(0);
      case GAIN -> parameter.assign(1);
      case EMBEDDING -> uniform(parameter, EncoderLayout.EMBEDDING_DEVIATION, random);
      case WEIGHT -> uniform(parameter, Math.sqrt(2.0 / (slot.rows() + slot.columns())), random);
      case DOWN -> uniform(parameter, 1 / Math.sqrt(3.0 * slot.rows()), random);
    }
  }

  private static void uniform(INDArray target, double deviation, SplittableRandom random) {
    double bound = Math.sqrt(3) * deviation;
    float[] values = new float[Math.toIntExact(target.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    target.assign(Nd4j.createFromArray(values).reshape(target.shape()).castTo(target.dataType()));
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray view) {
    return layout(configuration.getLayer()).views(view);
  }
}
