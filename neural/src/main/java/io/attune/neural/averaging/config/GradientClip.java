package io.attune.neural.averaging.config;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Scales a gradient down whose norm over all parameters of the network is too large (Pascanu et al.
 * 2013, algorithm 1), before the updater sees it. DL4J's own clipping knows single layers only.
 */
public final class GradientClip extends BaseTrainingListener {
  private final double maxNorm;

  public GradientClip(double maxNorm) {
    this.maxNorm = maxNorm;
  }

  @Override
  public void onGradientCalculation(Model model) {
    ComputationGraph network = (ComputationGraph) model;
    INDArray gradient = network.getFlattenedGradients();
    // DL4J divides by the rows of the minibatch after this call.
    double rows = network.conf().isMiniBatch() ? network.batchSize() : 1;
    double norm = gradient.norm2Number().doubleValue() / rows;
    if (norm > maxNorm) {
      gradient.muli(maxNorm / norm);
    }
  }
}
