package io.attune.neural.averaging.worker;

import io.attune.neural.optim.ScaledRate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.learning.config.IUpdater;

/** Scales the learning rates of a network, relative to those of its configuration. */
final class LearningRates {
  private final List<Rate> rates = new ArrayList<>();

  /**
   * Scales the rate of one updater.
   *
   * @param inUse updater that the network steps with
   * @param original copy from before any change, schedule included
   */
  private record Rate(IUpdater inUse, IUpdater original) {
    void scale(double factor) {
      inUse.setLrAndSchedule(original.getLearningRate(0, 0), new ScaledRate(original, factor));
    }
  }

  private LearningRates() {}

  /** Reads the rates of a network that was just built. */
  static LearningRates of(ComputationGraph network) {
    LearningRates rates = new LearningRates();
    Set<IUpdater> known = Collections.newSetFromMap(new IdentityHashMap<>());
    for (GraphVertex vertex : network.getVertices()) {
      if (vertex.numParams() > 0) {
        for (String parameter : vertex.paramTable(false).keySet()) {
          IUpdater updater = vertex.getConfig().getUpdaterByParam(parameter);
          if (updater != null && updater.hasLearningRate() && known.add(updater)) {
            rates.rates.add(new Rate(updater, updater.clone()));
          }
        }
      }
    }
    return rates;
  }

  /** Makes the network step with a fraction of its rates; 1 gives the original rates to the bit. */
  void scale(double factor) {
    rates.forEach(rate -> rate.scale(factor));
  }
}
