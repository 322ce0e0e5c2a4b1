package io.attune.neural.nd4j;

import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Holds what the parts of a {@link Nd4jEncoder} share: parameters, the current batch, scratch
 * memory and sums.
 */
final class Nd4jContext {
  final EncoderShape shape;
  final DataType dataType;
  final Nd4jBatch batch;
  final Nd4jActivations activations;
  final Nd4jParameters weights;
  final Nd4jParameters gradients;

  /**
   * Holds the gradient with respect to the input of the current function, {@code [tokens, width]}.
   */
  final GrowingArray dInput;

  /** Holds the gradient with respect to the input of a normalisation, {@code [tokens, width]}. */
  final GrowingArray dNormed;

  /**
   * Holds a copy of values that a dropout changes and that others read unchanged, {@code [tokens,
   * width]}.
   */
  final GrowingArray dropped;

  /** Holds values between two operations. */
  final GrowingArray scratch;

  private final GrowingArray ones;
  private long countOfOnes;

  Pass pass;

  Nd4jContext(EncoderShape shape, DataType dataType) {
    this.shape = shape;
    this.dataType = dataType;
    batch = new Nd4jBatch(this);
    activations = new Nd4jActivations(this);
    EncoderLayout layout = EncoderLayout.of(shape);
    weights = new Nd4jParameters(layout);
    gradients = new Nd4jParameters(layout);
    dInput = memory();
    dNormed = memory();
    dropped = memory();
    scratch = memory();
    ones = memory();
  }

  GrowingArray memory() {
    return new GrowingArray(dataType, Math.max(3 * shape.width(), shape.feedForward()));
  }

  /** Returns an array for the tokens of the batch, {@code [tokens, columns]}. */
  INDArray tokens(GrowingArray memory, int columns) {
    return memory.array(batch.count(), columns);
  }

  /** Returns ones, {@code [count]}. */
  INDArray ones(long count) {
    if (count > countOfOnes) {
      countOfOnes = 2 * count;
      ones.array(countOfOnes).assign(1);
    }
    return ones.view(0, count);
  }

  /**
   * Computes the sum of each column, by a product with ones: ND4J's own sum takes fifty times as
   * long.
   *
   * @param out {@code [columns]}
   */
  void sumRows(INDArray x, INDArray out) {
    Nd4jMath.productOfTransposed(x, ones(x.size(0)), out);
  }

  /**
   * Computes the sum of each row.
   *
   * @param out {@code [1, rows]}
   */
  void sumColumns(INDArray x, INDArray out) {
    Nd4jMath.productWithTransposed(ones(x.size(1)).reshape(1, x.size(1)), x, out);
  }

  /** Computes out = x W + b. */
  void dense(INDArray x, String name, INDArray out) {
    Nd4jMath.product(x, weights.get(name + ".weight"), out);
    out.addiRowVector(weights.get(name + ".bias"));
  }

  /** Computes the gradients of the parameters and the input of {@link #dense}. */
  void denseBackward(INDArray x, String name, INDArray dOut, INDArray dx) {
    Nd4jMath.productOfTransposed(x, dOut, gradients.get(name + ".weight"));
    sumRows(dOut, gradients.flat(name + ".bias"));
    Nd4jMath.productWithTransposed(dOut, weights.get(name + ".weight"), dx);
  }
}
