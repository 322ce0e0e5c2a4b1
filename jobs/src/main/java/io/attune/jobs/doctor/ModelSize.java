package io.attune.jobs.doctor;

import io.attune.jobs.config.RunConfig;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.pipeline.encoder.EncoderChoice;
import java.util.Optional;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Estimates the size of a task's network from above; its vocabulary may turn out smaller.
 *
 * @param parameters of the network
 * @param state values that the optimizer keeps
 */
record ModelSize(long parameters, long state) {

  /** Returns the size of a network with a vocabulary of its own; empty for one with an encoder. */
  static Optional<ModelSize> ofVocabulary(RunConfig config) {
    return EncoderChoice.of(config.model().encoder()).isNone()
        ? Optional.of(of(config))
        : Optional.empty();
  }

  /** Counts parameters from the configuration, without allocating them; none without a network. */
  static ModelSize of(RunConfig config) {
    if (config.model().kind() == ModelConfig.Kind.LINEAR) {
      return new ModelSize(0, 0);
    }
    ComputationGraphConfiguration network =
        Networks.configuration(
            config.model(),
            config.updater(),
            new Networks.Task(
                config.tokenize().vocabulary(),
                config.tokenize().maxTokens(),
                config.labels(),
                config.train().seed()));
    long parameters = 0;
    long state = 0;
    for (Object vertex : network.getVertices().values()) {
      if (vertex instanceof LayerVertex layered) {
        Layer layer = layered.getLayerConf().getLayer();
        ParamInitializer initializer = layer.initializer();
        long count = initializer.numParams(layered.getLayerConf());
        parameters += count;
        if (count > 0) {
          String first = initializer.paramKeys(layer).get(0);
          state += layer.getUpdaterByParam(first).stateSize(count);
        }
      }
    }
    return new ModelSize(parameters, state);
  }

  /** Returns the bytes of a network in training: parameters, gradients, optimizer state. */
  long replicaBytes() {
    return (2 * parameters + state) * Float.BYTES;
  }

  /** Returns the bytes that the driver receives in a round, for any number of workers. */
  long resultBytes() {
    return (parameters + state) * Float.BYTES * 11 / 10 + (1 << 20);
  }
}
