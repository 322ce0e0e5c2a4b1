package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Limits what a training may do before it counts as diverged. Built by {@link #builder}.
 *
 * @param quorum fraction of the workers that had something to train whose results must be finite;
 *     the others are left out and named
 * @param divergenceRatio a round diverges if its loss exceeds this multiple of the first round's; 0
 *     for never
 * @param rollbacks how often in a training a round that diverged is trained again, each time with
 *     half the learning rate from there on
 * @param maxGradientNorm a gradient whose norm over all parameters is larger is scaled down to it
 *     (Pascanu et al. 2013, algorithm 1); 0 for never
 */
public record Guards(double quorum, double divergenceRatio, int rollbacks, double maxGradientNorm)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Ends the training at the first result that is not finite. */
  public static final Guards STRICT = builder().build();

  public Guards {
    require(quorum > 0 && quorum <= 1, "quorum must be in (0, 1], got %s", quorum);
    require(
        divergenceRatio == 0 || divergenceRatio > 1,
        "divergence-ratio must be 0 (never) or above 1, got %s",
        divergenceRatio);
    require(rollbacks >= 0, "rollbacks must not be negative, got %d", rollbacks);
    require(
        maxGradientNorm >= 0 && maxGradientNorm < Double.POSITIVE_INFINITY,
        "max-gradient-norm must be 0 (never) or more, got %s",
        maxGradientNorm);
  }

  /** Starts from {@link #STRICT}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds guards by name. */
  public static final class Builder {
    private double quorum = 1;
    private double divergenceRatio;
    private int rollbacks;
    private double maxGradientNorm;

    private Builder() {}

    public Builder quorum(double quorum) {
      this.quorum = quorum;
      return this;
    }

    public Builder divergenceRatio(double divergenceRatio) {
      this.divergenceRatio = divergenceRatio;
      return this;
    }

    public Builder rollbacks(int rollbacks) {
      this.rollbacks = rollbacks;
      return this;
    }

    public Builder maxGradientNorm(double maxGradientNorm) {
      this.maxGradientNorm = maxGradientNorm;
      return this;
    }

    /** Returns the guards, or refuses them as {@link Guards} does. */
    public Guards build() {
      return new Guards(quorum, divergenceRatio, rollbacks, maxGradientNorm);
    }
  }
}
