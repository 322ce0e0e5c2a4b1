package io.attune.neural.averaging.config;

import java.util.stream.IntStream;

/**
 * Computes the step of the outer loop: from the parameters that a round started with, and the
 * average of its workers' results, to the parameters that the next round starts with.
 *
 * <p>The velocity is in the unit of the parameters, so that a rate that changes from round to round
 * does not inflate what was kept. Each value is computed in double and apart from all others: the
 * same arguments give the same bits. With momentum 0 and rate 1 every rule gives the average to the
 * bit, because steps are counted from the average.
 */
public sealed interface OuterOptimizer {

  /**
   * Holds the result of a step; never changed once it is made.
   *
   * @param velocity one value for each parameter; empty if the rule keeps none
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // Megabytes of floats; identity is all that is compared.
  record Step(float[] parameters, float[] velocity) {}

  /**
   * Computes the outer step after a round.
   *
   * @param velocity of the step before; empty before the first
   */
  Step step(float[] start, float[] mean, float[] velocity);

  /** Takes the average as the next parameters. */
  record PlainAverage() implements OuterOptimizer {
    @Override
    public Step step(float[] start, float[] mean, float[] velocity) {
      return new Step(mean, velocity);
    }
  }

  /**
   * Applies slow momentum: {@code v' = momentum v + (mean - start)}, {@code next = start + rate
   * v'}. This is algorithm 1 of Wang et al. 2019 for a constant inner rate, which is absorbed in v,
   * and Chen and Huo 2016 with block learning rate {@code rate}.
   */
  record SlowMomentum(double momentum, double rate) implements OuterOptimizer {
    @Override
    public Step step(float[] start, float[] mean, float[] velocity) {
      return each(start, mean, velocity, momentum, (change, kept) -> rate * kept - change);
    }
  }

  /**
   * Applies Nesterov's momentum: {@code v' = momentum v + (mean - start)}, {@code next = start +
   * rate (mean - start + momentum v')}. This is algorithm 1 of Douillard et al. 2023, with SGD and
   * Nesterov's momentum (Sutskever et al. 2013) as outer optimizer.
   */
  record Nesterov(double momentum, double rate) implements OuterOptimizer {
    @Override
    public Step step(float[] start, float[] mean, float[] velocity) {
      return each(
          start,
          mean,
          velocity,
          momentum,
          (change, kept) -> rate * (change + momentum * kept) - change);
    }
  }

  /** Computes how far beyond the average a parameter goes. */
  @FunctionalInterface
  interface Beyond {
    /**
     * Returns the distance, as a pure function.
     *
     * @param change of the round: mean minus start
     * @param kept the new velocity
     */
    double of(double change, double kept);
  }

  private static Step each(
      float[] start, float[] mean, float[] velocity, double momentum, Beyond beyond) {
    float[] next = new float[mean.length];
    float[] kept = new float[mean.length];
    IntStream.range(0, mean.length)
        .parallel()
        .forEach(
            i -> {
              double change = (double) mean[i] - start[i];
              double before = velocity.length == 0 ? 0 : velocity[i];
              double after = momentum * before + change;
              next[i] = (float) (mean[i] + beyond.of(change, after));
              kept[i] = (float) after;
            });
    return new Step(next, kept);
  }
}
