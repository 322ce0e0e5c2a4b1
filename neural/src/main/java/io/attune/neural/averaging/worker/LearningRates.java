package io.attune.neural.averaging.worker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** The learning rates of a network, as its configuration has them and as it steps with them. */
final class LearningRates {
  private final List<Rate> rates = new ArrayList<>();

  /**
   * The rate of one updater.
   *
   * @param inUse what the network steps with
   * @param original a copy from before anybody changed it, schedule and all
   */
  private record Rate(IUpdater inUse, IUpdater original) {
    void scale(double share) {
      inUse.setLrAndSchedule(original.getLearningRate(0, 0), new Scaled(original, share));
    }
  }

  private record Scaled(IUpdater original, double share) implements ISchedule {
    private static final long serialVersionUID = 1;

    @Override
    public double valueAt(int iteration, int epoch) {
      return share * original.getLearningRate(iteration, epoch);
    }

    @Override
    public ISchedule clone() {
      return new Scaled(original.clone(), share);
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

  /** Makes the network step with a share of its rates; 1 is what it was built with, to the bit. */
  void scale(double share) {
    rates.forEach(rate -> rate.scale(share));
  }
}
