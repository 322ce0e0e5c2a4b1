package io.attune.jobs.doctor;

import io.attune.jobs.config.RunConfig;
import io.attune.neural.network.Networks;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * How large the network of a task is at most; its vocabulary may turn out smaller.
 *
 * @param parameters of the network
 * @param state values that the optimizer keeps
 */
record ModelSize(long parameters, long state) {

  /** Counted from the configuration; nothing is allocated. */
  static ModelSize of(RunConfig config) {
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

  /** Of a network at work: parameters, gradients, the optimizer's state. */
  long replicaBytes() {
    return (2 * parameters + state) * Float.BYTES;
  }

  /** Of what the driver receives in a round, envelope included, however many the workers. */
  long resultBytes() {
    return (parameters + state) * Float.BYTES * 11 / 10 + (1 << 20);
  }
}
