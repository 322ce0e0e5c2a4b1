package io.attune.neural.optim;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Shrinks weights by a fraction of the learning rate at each step, as DL4J's {@link WeightDecay},
 * and is no part of the loss: a pretrained encoder's weights would dominate it.
 */
public final class DecoupledWeightDecay extends WeightDecay {
  private static final long serialVersionUID = 1;

  /** Makes the rule with a constant fraction. */
  public DecoupledWeightDecay(double fraction) {
    this(new FixedSchedule(fraction), true);
  }

  /** Makes the rule as DL4J's JSON has it. */
  public DecoupledWeightDecay(
      @JsonProperty("coeff") ISchedule coeff, @JsonProperty("applyLR") boolean applyLR) {
    super(coeff, applyLR);
  }

  @Override
  public double score(INDArray parameter, int iteration, int epoch) {
    return 0;
  }

  @Override
  public Regularization clone() {
    return new DecoupledWeightDecay(coeff.clone(), applyLR);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DecoupledWeightDecay && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof DecoupledWeightDecay;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + 1;
  }
}
