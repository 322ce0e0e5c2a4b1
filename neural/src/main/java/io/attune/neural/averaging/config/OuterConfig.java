package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Configures the outer step, from the workers' average to the next parameters.
 *
 * @param momentum fraction of the last outer step that is kept in the next; unused by {@link
 *     Kind#AVERAGE}
 * @param learningRate length of the outer step, 1 for exactly to the average; unused by {@link
 *     Kind#AVERAGE}
 */
public record OuterConfig(Kind kind, double momentum, double learningRate) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Takes the average itself, with nothing kept from round to round. */
  public static final OuterConfig PLAIN = new OuterConfig(Kind.AVERAGE, 0, 1);

  /** Names the rule of the outer step. */
  public enum Kind {
    /** Averages parameters (McDonald, Hall and Mann 2010). */
    AVERAGE,
    /** Applies block momentum (Chen and Huo 2016), also known as SlowMo (Wang et al. 2019). */
    SLOW_MOMENTUM,
    /** Applies Nesterov's momentum, as in DiLoCo (Douillard et al. 2023). */
    NESTEROV
  }

  public OuterConfig {
    require(momentum >= 0 && momentum < 1, "momentum must be in [0, 1), got %s", momentum);
    require(
        learningRate > 0 && learningRate <= 10,
        "learning-rate must be in (0, 10], got %s",
        learningRate);
  }

  public OuterOptimizer optimizer() {
    return switch (kind) {
      case AVERAGE -> new OuterOptimizer.PlainAverage();
      case SLOW_MOMENTUM -> new OuterOptimizer.SlowMomentum(momentum, learningRate);
      case NESTEROV -> new OuterOptimizer.Nesterov(momentum, learningRate);
    };
  }
}
