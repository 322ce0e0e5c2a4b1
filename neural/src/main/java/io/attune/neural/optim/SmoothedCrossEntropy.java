package io.attune.neural.optim;

import io.attune.neural.Nd4jDevice;
import io.attune.neural.memory.Floats;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Computes the cross-entropy against labels of which a fraction is spread evenly over the classes
 * (Szegedy et al. 2016, 7); a row is weighted by its class, so that a weight of 2 equals the row
 * twice.
 *
 * <p>A label is one-hot, or any distribution over the classes, such as a teacher's probabilities;
 * the weight of its row is then the mean of the classes' weights under it.
 *
 * <p>After a softmax over floats on a CPU, as in training, it is computed in one pass over each
 * row: ND4J's operations have more overhead than such small arrays have arithmetic.
 */
public final class SmoothedCrossEntropy extends LossMCXENT {
  private static final long serialVersionUID = 1;

  /**
   * Holds DL4J's lower bound of a probability in a loss; the upper is 1 minus it. Whoever states a
   * log loss takes it, so that the figures of training and of a report can be compared.
   */
  public static final double SMALLEST = 1e-10;

  @JsonProperty private final double smoothing;

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private final List<Double> classWeights;

  /**
   * Makes the loss with equal weight for all rows.
   *
   * @param smoothing fraction of each label that is spread, in [0, 1)
   */
  public SmoothedCrossEntropy(double smoothing) {
    this(smoothing, List.of());
  }

  /**
   * Makes the loss.
   *
   * @param smoothing fraction of each label that is spread, in [0, 1)
   * @param classWeights one for each class; none if all rows have equal weight
   */
  @JsonCreator
  public SmoothedCrossEntropy(
      @JsonProperty("smoothing") double smoothing,
      @JsonProperty("classWeights") List<Double> classWeights) {
    this.smoothing = smoothing;
    this.classWeights = classWeights == null ? List.of() : List.copyOf(classWeights);
  }

  /** Returns the weight of each row, {@code [batch, 1]}. */
  private INDArray rowWeights(INDArray labels) {
    double[] weights = classWeights.stream().mapToDouble(Double::doubleValue).toArray();
    return labels.mmul(
        Nd4j.createFromArray(weights).castTo(labels.dataType()).reshape(weights.length, 1));
  }

  /** Returns the labels for the sum over classes: smoothed, and times the weight of their row. */
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
    if (!isSmall(labels, output, activation, mask)) {
      return super.computeScore(weighted(labels), output, activation, mask, average);
    }
    Rows rows = new Rows(labels, output, mask);
    double sum = 0;
    for (int row = 0; row < rows.count(); row++) {
      double[] probabilities = rows.softmax(row);
      double ofRow = 0;
      for (int c = 0; c < probabilities.length; c++) {
        double bounded = Math.min(Math.max(probabilities[c], SMALLEST), 1 - SMALLEST);
        ofRow -= smooth(rows.label(row, c), probabilities.length) * Math.log(bounded);
      }
      sum += ofRow * rows.weight(row);
    }
    return average ? sum / rows.count() : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    return super.computeScoreArray(weighted(labels), output, activation, mask);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    if (isSmall(labels, output, activation, mask)) {
      return gradient(new Rows(labels, output, mask), output.ulike());
    }
    INDArray gradient = unweightedGradient(labels, output, activation, mask);
    return classWeights.isEmpty() ? gradient : gradient.muliColumnVector(rowWeights(labels));
  }

  private INDArray gradient(Rows rows, INDArray result) {
    Values gradient = new Values(result);
    for (int row = 0; row < rows.count(); row++) {
      double[] probabilities = rows.softmax(row);
      double weight = rows.weight(row);
      for (int c = 0; c < probabilities.length; c++) {
        double label = smooth(rows.label(row, c), probabilities.length);
        gradient.set(row, c, weight == 0 ? 0 : (float) (weight * (probabilities[c] - label)));
      }
    }
    return result;
  }

  private double smooth(double label, int classes) {
    return label * (1 - smoothing) + smoothing / classes;
  }

  private static boolean isSmall(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    return activation instanceof ActivationSoftmax
        && Values.fits(output)
        && Values.fits(labels)
        && labels.equalShapes(output)
        && (mask == null || (Values.fits(mask) && mask.length() == output.size(0)));
  }

  /** Reads and writes single values of a matrix of floats in host memory. */
  private record Values(FloatBuffer floats, int rowStride, int columnStride) {
    Values(INDArray array) {
      this(Floats.spanning(array).floats(), array.stride(0), array.stride(1));
    }

    static boolean fits(INDArray array) {
      return array.dataType() == DataType.FLOAT && array.rank() == 2 && Nd4jDevice.isCpu();
    }

    float get(int row, int column) {
      return floats.get(row * rowStride + column * columnStride);
    }

    void set(int row, int column, float value) {
      floats.put(row * rowStride + column * columnStride, value);
    }
  }

  /** Reads the rows of a minibatch. */
  private final class Rows {
    private final Values labels;
    private final Values outputs;
    private final Values mask;
    private final int count;
    private final int classes;

    Rows(INDArray labels, INDArray output, INDArray mask) {
      this.labels = new Values(labels);
      this.outputs = new Values(output);
      this.mask = mask == null ? null : new Values(mask);
      count = (int) output.size(0);
      classes = (int) output.size(1);
    }

    int count() {
      return count;
    }

    float label(int row, int c) {
      return labels.get(row, c);
    }

    double[] softmax(int row) {
      double[] values = new double[classes];
      double highest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        values[c] = outputs.get(row, c);
        highest = Math.max(highest, values[c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        values[c] = Math.exp(values[c] - highest);
        sum += values[c];
      }
      for (int c = 0; c < classes; c++) {
        values[c] /= sum;
      }
      return values;
    }

    /** Returns the weight of the row; 0 without a label. */
    double weight(int row) {
      double weight = mask == null ? 1 : mask.get(row, 0);
      if (classWeights.isEmpty()) {
        return weight;
      }
      double ofClasses = 0;
      for (int c = 0; c < classes; c++) {
        ofClasses += label(row, c) * classWeights.get(c);
      }
      return weight * ofClasses;
    }
  }

  private INDArray unweightedGradient(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    // LossMCXENT mistakes the mask of a single row for a mask of single outputs and rejects it.
    if (mask != null && mask.length() == 1 && output.size(0) == 1) {
      return mask.getDouble(0) == 0
          ? output.like()
          : super.computeGradient(smooth(labels), output, activation, null).muli(mask.getDouble(0));
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
