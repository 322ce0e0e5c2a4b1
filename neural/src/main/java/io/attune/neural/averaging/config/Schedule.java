package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * How the learning rate goes with the examples that all workers together have seen, so that it
 * means the same for any number of workers and any minibatch.
 *
 * @param warmUpExamples over which it rises in a straight line from 0, whatever the kind
 * @param examples of the whole training, where {@link Kind#LINEAR} and {@link Kind#COSINE} end
 * @param floor share of the rate that it never falls below after the warm-up, in [0, 1]
 */
public record Schedule(Kind kind, long warmUpExamples, long examples, double floor)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Always the whole rate. */
  public static final Schedule CONSTANT = new Schedule(Kind.CONSTANT, 0, 0, 0);

  /** What follows the warm-up. */
  public enum Kind {
    CONSTANT,
    /** A straight line to the floor. */
    LINEAR,
    /** Half a cosine to the floor (Loshchilov and Hutter 2017, eq. 5, without restarts). */
    COSINE,
    /** By the root of the examples since the start (Vaswani et al. 2017, eq. 3). */
    INVERSE_SQUARE_ROOT
  }

  public Schedule {
    require(warmUpExamples >= 0, "warm-up examples must not be negative, got %d", warmUpExamples);
    require(floor >= 0 && floor <= 1, "train.schedule.floor must be in [0, 1], got %s", floor);
    require(
        kind != Kind.INVERSE_SQUARE_ROOT || warmUpExamples > 0,
        "train.schedule.kind inverse-square-root falls from the end of the warm-up: it needs"
            + " updater.warm-up-steps above 0");
    require(
        kind == Kind.CONSTANT || kind == Kind.INVERSE_SQUARE_ROOT || examples > 0,
        "a schedule that ends must be told after how many examples, got %d",
        examples);
  }

  /**
   * The share of the rate to step with.
   *
   * @param seen examples, those of the step itself included; above 0
   */
  public double factorAt(double seen) {
    if (seen < warmUpExamples) {
      return seen / warmUpExamples;
    }
    return switch (kind) {
      case CONSTANT -> 1;
      case LINEAR -> floor + (1 - floor) * (1 - part(seen));
      case COSINE -> floor + (1 - floor) * (1 + Math.cos(Math.PI * part(seen))) / 2;
      case INVERSE_SQUARE_ROOT -> Math.max(floor, Math.sqrt(warmUpExamples / seen));
    };
  }

  /** Of the way from the end of the warm-up to that of the training. */
  private double part(double seen) {
    return Math.min(1, (seen - warmUpExamples) / Math.max(1, examples - warmUpExamples));
  }
}
