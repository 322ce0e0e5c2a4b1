package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.optim.SmoothedCrossEntropy;
import java.io.Serializable;

/**
 * Averages the negative log-likelihood of the true class; lower is better.
 *
 * @param negLogLikelihood sum over the rows, in nats
 */
public record LogLoss(ExactSum negLogLikelihood, long rows) implements Serializable {
  public static final LogLoss NONE = new LogLoss(ExactSum.ZERO, 0);

  /** Bounds probabilities from below, as the loss of training does. */
  public static final double SMALLEST = SmoothedCrossEntropy.SMALLEST;

  /** Adds one row, whose true class was given this probability: a finite one. */
  public LogLoss add(double probability) {
    require(Double.isFinite(probability), "a probability must be finite, got %s", probability);
    return new LogLoss(negLogLikelihood.plus(-Math.log(Math.max(probability, SMALLEST))), rows + 1);
  }

  public LogLoss merge(LogLoss other) {
    return new LogLoss(negLogLikelihood.plus(other.negLogLikelihood), rows + other.rows);
  }

  /** Returns the mean loss in nats per row; 0 if there are no rows. */
  public double value() {
    return rows == 0 ? 0 : negLogLikelihood.value() / rows;
  }
}
