package io.attune.bench.layers;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Takes steps of DL4J's networks. */
final class NetworkSteps {
  private NetworkSteps() {}

  /** Trains one batch, or predicts it. */
  static void take(ComputationGraph network, MultiDataSet batch, boolean trains) {
    if (trains) {
      network.fit(batch);
    } else {
      network.output(false, batch.getFeatures(), batch.getFeaturesMaskArrays());
    }
  }
}
