package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * When a round is good enough to go on from.
 *
 * @param quorum share of the workers that had something to train whose results must be finite; the
 *     others are left out and named
 * @param divergenceRatio a round diverges if its loss is more than so many times that of the first
 *     round; 0 for never
 * @param rollbacks how often in a training a round that diverged is trained again, each time with
 *     half the step from there on
 */
public record Guards(double quorum, double divergenceRatio, int rollbacks) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Whatever is not finite ends the training. */
  public static final Guards STRICT = new Guards(1, 0, 0);

  public Guards {
    require(quorum > 0 && quorum <= 1, "train.quorum must be in (0, 1], got %s", quorum);
    require(
        divergenceRatio == 0 || divergenceRatio > 1,
        "train.divergence-ratio must be 0 (never) or above 1, got %s",
        divergenceRatio);
    require(rollbacks >= 0, "train.rollbacks must not be negative, got %d", rollbacks);
  }
}
