package io.attune.neural.nd4j;

import io.attune.neural.encoder.MemoryPool;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes layer normalisation over the columns (Ba et al. 2016), and keeps the normalised input
 * for the backward pass.
 */
public final class Nd4jNorm implements Nd4jSublayer.Function {
  private final Nd4jContext context;
  private final String gain;
  private final String shift;
  private final GrowingArray normedMemory;
  private final GrowingArray inverseDeviations;
  private final GrowingArray means;
  private final GrowingArray scaledGain;

  Nd4jNorm(Nd4jContext context, String name, MemoryPool<GrowingArray> memory) {
    this.context = context;
    gain = name + ".gain";
    shift = name + ".shift";
    normedMemory = memory.get("norm.normed");
    inverseDeviations = memory.get("norm.inverseDeviations");
    means = memory.get("norm.means");
    scaledGain = memory.get("norm.scaledGain");
  }

  @Override
  public void forward(INDArray x, INDArray out) {
    long rows = x.size(0);
    double negativeInverse = -1.0 / x.size(1);
    INDArray normed = normedMemory.array(x.shape());
    INDArray mean = means.array(1, rows);
    normed.assign(x);
    context.sumColumns(x, mean);
    mean.muli(negativeInverse);
    normed.addiColumnVector(column(means, rows));
    Nd4jMath.multiply(normed, normed, out);
    context.sumColumns(out, mean);
    mean.muli(-negativeInverse).addi(context.shape.normEpsilon());
    Nd4j.getExecutioner().exec(new RSqrt(mean, inverseDeviations.array(1, rows)));
    normed.muliColumnVector(column(inverseDeviations, rows));
    Nd4jMath.multiply(normed, context.weights.get(gain), out);
    out.addiRowVector(context.weights.get(shift));
  }

  private static INDArray column(GrowingArray memory, long rows) {
    return memory.array(rows, 1);
  }

  /**
   * Computes the gradient of the input, with n the normalised input: dx = (dn - mean(dn) - n
   * mean(dn n)) / deviation, dn = dOut gain.
   */
  @Override
  public void backward(INDArray dOut, INDArray dx) {
    long rows = dOut.size(0);
    INDArray normed = normedMemory.array(dOut.shape());
    INDArray product = context.scratch.array(dOut.shape());
    INDArray mean = means.array(1, rows);
    INDArray gainByColumns = scaledGain.array(1, dOut.size(1));
    Nd4jMath.scale(1.0 / dOut.size(1), context.weights.get(gain), gainByColumns);
    Nd4jMath.multiply(dOut, normed, product);
    context.sumRows(product, context.gradients.flat(gain));
    context.sumRows(dOut, context.gradients.flat(shift));
    Nd4jMath.multiply(dOut, context.weights.get(gain), dx);
    Nd4jMath.productWithTransposed(gainByColumns, dOut, mean);
    dx.subiColumnVector(column(means, rows));
    Nd4jMath.productWithTransposed(gainByColumns, product, mean);
    Nd4jMath.multiply(normed, column(means, rows), product);
    dx.subi(product);
    dx.muliColumnVector(column(inverseDeviations, rows));
  }
}
