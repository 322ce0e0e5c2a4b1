package io.attune.pipeline.model;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Layer normalisation over the columns (Ba et al. 2016). */
final class ReferenceNorm {
  /** Added to the variance; as in PyTorch. */
  static final double EPSILON = 1e-5;

  private final String name;
  private final INDArray gain;
  private final INDArray shift;
  private INDArray normed;
  private INDArray inverseDeviation;

  ReferenceNorm(Map<String, INDArray> weights, String name) {
    this.name = name;
    gain = weights.get(name + ".gain");
    shift = weights.get(name + ".shift");
  }

  INDArray forward(INDArray x) {
    INDArray centred = x.subColumnVector(x.mean(true, 1)); // [rows, width]
    INDArray variance = centred.mul(centred).mean(true, 1); // [rows, 1]
    inverseDeviation = Transforms.sqrt(variance.addi(EPSILON), false).rdivi(1);
    normed = centred.muliColumnVector(inverseDeviation);
    return normed.mulRowVector(gain).addiRowVector(shift);
  }

  /** With n the normed input: dx = (dn - mean(dn) - n mean(dn n)) / deviation, dn = dOut gain. */
  INDArray backward(INDArray dOut, Map<String, INDArray> gradients) {
    gradients.get(name + ".gain").addi(dOut.mul(normed).sum(true, 0));
    gradients.get(name + ".shift").addi(dOut.sum(true, 0));
    INDArray dNormed = dOut.mulRowVector(gain);
    INDArray slope = dNormed.mul(normed).mean(true, 1);
    INDArray dx = dNormed.subColumnVector(dNormed.mean(true, 1));
    return dx.subi(normed.mulColumnVector(slope)).muliColumnVector(inverseDeviation);
  }
}
