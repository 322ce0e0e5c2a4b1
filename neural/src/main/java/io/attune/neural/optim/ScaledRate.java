package io.attune.neural.optim;

import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Gives a multiple of another updater's learning rate.
 *
 * @param original whose rate it is, its schedule included; a copy, which nothing else changes
 */
public record ScaledRate(IUpdater original, double factor) implements ISchedule {
  private static final long serialVersionUID = 1;

  @Override
  public double valueAt(int iteration, int epoch) {
    return factor * original.getLearningRate(iteration, epoch);
  }

  @Override
  public ISchedule clone() {
    return new ScaledRate(original.clone(), factor);
  }
}
