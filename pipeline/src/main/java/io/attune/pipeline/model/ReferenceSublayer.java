package io.attune.pipeline.model;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A function on the residual stream with its normalisation and dropout. */
final class ReferenceSublayer {

  /** What a sublayer adds to its input. */
  interface Function {
    /** {@code [batch * time, width]} to the same. */
    INDArray forward(INDArray x);

    /** Gradient by the input of the last {@link #forward}; parameters' are added to. */
    INDArray backward(INDArray dOut, Map<String, INDArray> gradients);
  }

  private final boolean pre;
  private final ReferenceNorm norm;
  private final Function function;
  private final INDArray factors;

  /**
   * Makes a sublayer.
   *
   * @param pre whether the input is normalised, not the output
   * @param factors dropout of what is added, or null
   */
  ReferenceSublayer(boolean pre, ReferenceNorm norm, Function function, INDArray factors) {
    this.pre = pre;
    this.norm = norm;
    this.function = function;
    this.factors = factors;
  }

  Function function() {
    return function;
  }

  INDArray forward(INDArray x) {
    return pre
        ? x.add(dropped(function.forward(norm.forward(x))))
        : norm.forward(x.add(dropped(function.forward(x))));
  }

  INDArray backward(INDArray dOut, Map<String, INDArray> gradients) {
    if (pre) {
      INDArray dNormed = function.backward(dropped(dOut), gradients);
      return dOut.add(norm.backward(dNormed, gradients));
    }
    INDArray dSum = norm.backward(dOut, gradients);
    return dSum.add(function.backward(dropped(dSum), gradients));
  }

  private INDArray dropped(INDArray x) {
    return factors == null ? x : x.mul(factors);
  }
}
