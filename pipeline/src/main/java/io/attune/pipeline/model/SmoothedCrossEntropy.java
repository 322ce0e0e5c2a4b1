package io.attune.pipeline.model;

import java.util.List;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Cross-entropy against labels of which a share is spread evenly over the classes (Szegedy et al.
 * 2016, 7); a row counts by the weight of its class, so that a weight of 2 is the row twice.
 */
public final class SmoothedCrossEntropy extends LossMCXENT {
  private static final long serialVersionUID = 1;

  @JsonProperty private final double smoothing;

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private final List<Double> classWeights;

  /**
   * Makes the loss where every row counts the same.
   *
   * @param smoothing share of each label that is spread, in [0, 1)
   */
  public SmoothedCrossEntropy(double smoothing) {
    this(smoothing, List.of());
  }

  /**
   * Makes the loss.
   *
   * @param smoothing share of each label that is spread, in [0, 1)
   * @param classWeights one for each class; none if every row counts the same
   */
  @JsonCreator
  public SmoothedCrossEntropy(
      @JsonProperty("smoothing") double smoothing,
      @JsonProperty("classWeights") List<Double> classWeights) {
    this.smoothing = smoothing;
    this.classWeights = classWeights == null ? List.of() : List.copyOf(classWeights);
  }

  /** What each row counts, {@code [batch, 1]}. */
  private INDArray rowWeights(INDArray labels) {
    double[] weights = classWeights.stream().mapToDouble(Double::doubleValue).toArray();
    return labels.mmul(
        Nd4j.createFromArray(weights).castTo(labels.dataType()).reshape(weights.length, 1));
  }

  /** The labels as the sum over classes needs them: smoothed, and times what their row counts. */
  private INDArray weighted(INDArray labels) {
    return classWeights.isEmpty()
        ? smooth(labels)
        : smooth(labels).mulColumnVector(rowWeights(labels));
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
    return super.computeScore(weighted(labels), output, activation, mask, average);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    return super.computeScoreArray(weighted(labels), output, activation, mask);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    INDArray gradient = unweightedGradient(labels, output, activation, mask);
    return classWeights.isEmpty() ? gradient : gradient.muliColumnVector(rowWeights(labels));
  }

  private INDArray unweightedGradient(
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
    return other instanceof SmoothedCrossEntropy loss
        && loss.smoothing == smoothing
        && loss.classWeights.equals(classWeights);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof SmoothedCrossEntropy;
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(smoothing) + classWeights.hashCode();
  }
}
