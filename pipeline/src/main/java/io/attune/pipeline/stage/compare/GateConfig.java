package io.attune.pipeline.stage.compare;

import io.attune.schemas.Requirements;
import java.util.Locale;

/**
 * Configures what the candidate must show to replace the current model.
 *
 * @param head that must not lose; {@link #ALL_HEADS} for every one
 * @param margin of macro-F1, in [0, 1], that it may be worse by at most
 * @param require how good it must be
 * @param baseline what it must show against the linear baseline, whether a model is in use or not
 * @param significance level of every test, such as 0.05
 * @param bootstrapRepetitions resamples behind each interval
 * @param seed of the resamples
 */
public record GateConfig(
    String head,
    double margin,
    Demand require,
    Floor baseline,
    double significance,
    int bootstrapRepetitions,
    long seed) {
  public static final String ALL_HEADS = "all";

  /** Chooses how good the candidate must be. */
  public enum Demand {
    /** Requires that it is significantly better than the current model. */
    BETTER,
    /** Requires that it is worse by less than the margin, if at all. */
    NOT_WORSE;

    /** Returns the word of the configuration: {@code better}, {@code not-worse}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Chooses what the candidate must show against the linear baseline. */
  public enum Floor {
    /** Keeps a candidate out whose macro-F1 is significantly below the baseline's. */
    NOT_BELOW,
    /** Only states how it compares. */
    IGNORE
  }

  public GateConfig {
    Requirements.require(!head.isBlank(), "head must name a head, or be '%s'", ALL_HEADS);
    Requirements.require(margin >= 0 && margin <= 1, "margin must be in [0, 1], got %s", margin);
    Requirements.require(
        significance > 0 && significance < 0.5,
        "significance must be above 0 and below 0.5, got %s",
        significance);
    Requirements.require(
        bootstrapRepetitions >= 1000,
        "bootstrap-repetitions must be at least 1000 for the ends of an interval, got %d",
        bootstrapRepetitions);
  }
}
