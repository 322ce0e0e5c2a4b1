package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Configures how the learning rate changes with the examples that all workers together have seen,
 * so that it means the same for any number of workers and any minibatch.
 *
 * @param kind what follows the warm-up
 * @param floor fraction of the rate that it never falls below after the warm-up, in [0, 1]
 * @param warmUpSteps steps of a single worker over which the rate rises linearly from 0, whatever
 *     the kind; more workers warm up over the same number of examples
 * @param warmUpShare fraction of the training over which the rate rises, if that is longer; in [0,
 *     1)
 */
public record Schedule(Kind kind, double floor, int warmUpSteps, double warmUpShare)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Always steps with the full rate. */
  public static final Schedule CONSTANT = new Schedule(Kind.CONSTANT, 0, 0);

  /** Names the shape of the rate after the warm-up. */
  public enum Kind {
    CONSTANT(false),
    /** Falls linearly to the floor. */
    LINEAR(true),
    /** Falls by half a cosine to the floor (Loshchilov and Hutter 2017, eq. 5, no restarts). */
    COSINE(true),
    /** Falls by the root of the examples since the start (Vaswani et al. 2017, eq. 3). */
    INVERSE_SQUARE_ROOT(false);

    private final boolean ends;

    Kind(boolean ends) {
      this.ends = ends;
    }
  }

  public Schedule {
    require(floor >= 0 && floor <= 1, "floor must be in [0, 1], got %s", floor);
    require(warmUpSteps >= 0, "warm-up-steps must not be negative, got %d", warmUpSteps);
    require(
        warmUpShare >= 0 && warmUpShare < 1,
        "warm-up-share must be in [0, 1), got %s",
        warmUpShare);
    require(
        kind != Kind.INVERSE_SQUARE_ROOT || warmUpSteps > 0 || warmUpShare > 0,
        "kind inverse-square-root falls from the end of the warm-up: it needs warm-up-steps above"
            + " 0");
  }

  /** Makes a schedule whose warm-up does not depend on the length of the training. */
  public Schedule(Kind kind, double floor, int warmUpSteps) {
    this(kind, floor, warmUpSteps, 0);
  }

  /**
   * Stretches the schedule over a training.
   *
   * @param batchRows rows of a step of one worker
   * @param examples of the whole training; may be 0 if the kind has no end
   */
  public Curve over(int batchRows, long examples) {
    long warmUp = Math.max((long) warmUpSteps * batchRows, Math.round(warmUpShare * examples));
    return new Curve(this, warmUp, examples);
  }

  /**
   * Computes the factor of the learning rate by examples.
   *
   * @param warmUpExamples over which it rises
   * @param examples of the whole training, where {@link Kind#LINEAR} and {@link Kind#COSINE} end
   */
  public record Curve(Schedule schedule, long warmUpExamples, long examples) {
    public Curve {
      require(
          examples > 0 || (!schedule.kind.ends && schedule.warmUpShare == 0),
          "a schedule that ends must be told after how many examples, got %d",
          examples);
    }

    /**
     * Returns the factor of the rate to step with.
     *
     * @param seen examples, those of the step itself included; above 0
     */
    public double factorAt(double seen) {
      if (seen < warmUpExamples) {
        return seen / warmUpExamples;
      }
      double floor = schedule.floor;
      return switch (schedule.kind) {
        case CONSTANT -> 1;
        case LINEAR -> floor + (1 - floor) * (1 - progress(seen));
        case COSINE -> floor + (1 - floor) * (1 + Math.cos(Math.PI * progress(seen))) / 2;
        case INVERSE_SQUARE_ROOT -> Math.max(floor, Math.sqrt(warmUpExamples / seen));
      };
    }

    /** Returns the fraction of the examples between the warm-up and the end that were seen. */
    private double progress(double seen) {
      return Math.min(1, (seen - warmUpExamples) / Math.max(1, examples - warmUpExamples));
    }
  }
}
