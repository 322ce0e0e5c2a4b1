package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * What is done to a worker's steps beside what the network's own updater does.
 *
 * @param schedule share of the updater's learning rate to step with
 * @param maxGradientNorm a gradient whose norm over all parameters is larger is scaled down to it
 *     (Pascanu et al. 2013, algorithm 1); 0 for never
 */
public record Steps(Schedule schedule, double maxGradientNorm) implements Serializable {
  private static final long serialVersionUID = 1;

  /** As the updater says. */
  public static final Steps PLAIN = new Steps(Schedule.CONSTANT, 0);

  public Steps {
    require(
        maxGradientNorm >= 0 && maxGradientNorm < Double.POSITIVE_INFINITY,
        "train.max-gradient-norm must be 0 (never) or more, got %s",
        maxGradientNorm);
  }
}
