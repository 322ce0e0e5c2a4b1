package io.attune.pipeline.model;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Cross-entropy against labels of which a share is spread evenly over the classes (Szegedy et al.
 * 2016, 7).
 */
public final class SmoothedCrossEntropy extends LossMCXENT {
  private static final long serialVersionUID = 1;

  @JsonProperty private final double smoothing;

  /**
   * Makes the loss.
   *
   * @param smoothing share of each label that is spread, in [0, 1)
   */
  public SmoothedCrossEntropy(@JsonProperty("smoothing") double smoothing) {
    this.smoothing = smoothing;
  }

  private INDArray smooth(INDArray labels) {
    if (smoothing == 0) {
      return labels;
    }
    return labels.mul(1 - smoothing).addi(smoothing / labels.size(1));
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray output, IActivation activation, INDArray mask, boolean average) {
    return super.computeScore(smooth(labels), output, activation, mask, average);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    return super.computeScoreArray(smooth(labels), output, activation, mask);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    // LossMCXENT takes the mask of a single row for one of single outputs, and refuses it.
    if (mask != null && mask.length() == 1 && output.size(0) == 1) {
      return mask.getDouble(0) == 0
          ? output.like()
          : super.computeGradient(smooth(labels), output, activation, null);
    }
    return super.computeGradient(smooth(labels), output, activation, mask);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray output, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, output, activation, mask, average),
        computeGradient(labels, output, activation, mask));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SmoothedCrossEntropy loss && loss.smoothing == smoothing;
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof SmoothedCrossEntropy;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(smoothing);
  }
}
