package io.attune.neural.nd4j;

import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.Norm;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Computes a function on the residual stream with its normalisation and dropout, on packed tokens.
 */
final class Nd4jSublayer {

  /** Computes the values that a sublayer adds to its input. */
  interface Function {
    /** Computes out = f(x), {@code [tokens, width]}. */
    void forward(INDArray x, INDArray out);

    /**
     * Computes the gradients with respect to the input of the last {@link #forward} and to the
     * parameters.
     *
     * @param dOut not changed
     * @param dx written
     */
    void backward(INDArray dOut, INDArray dx);
  }

  private final Nd4jContext context;
  private final Function function;
  private final Nd4jNorm norm;
  private final GrowingArray normed;
  private final GrowingArray stream;

  private Noise.Site site;

  /**
   * Makes a sublayer.
   *
   * @param name of the parameters of its normalisation
   * @param stream memory of its result, other than that of its input
   */
  Nd4jSublayer(
      Nd4jContext context,
      String name,
      Function function,
      MemoryPool<GrowingArray> memory,
      GrowingArray stream) {
    this.context = context;
    this.function = function;
    this.stream = stream;
    norm = new Nd4jNorm(context, name, memory);
    normed = memory.get("normed");
  }

  private boolean pre() {
    return context.shape.norm() == Norm.PRE;
  }

  /** Returns the memory of the last result. */
  GrowingArray result() {
    return stream;
  }

  INDArray forward(INDArray x, Noise.Site dropout) {
    site = dropout;
    INDArray out = stream.array(x.shape());
    if (pre()) {
      INDArray input = normed.array(x.shape());
      norm.forward(x, input);
      function.forward(input, out);
      drop(out);
      out.addi(x);
      return out;
    }
    INDArray sum = context.dInput.array(x.shape());
    function.forward(x, sum);
    drop(sum);
    sum.addi(x);
    norm.forward(sum, out);
    return out;
  }

  private void drop(INDArray x) {
    if (site.active()) {
      context.batch.drop(x, site);
    }
  }

  /** Replaces the gradient with respect to the result by the one with respect to the input. */
  void backward(INDArray gradient) {
    INDArray dInput = context.dInput.array(gradient.shape());
    INDArray dNormed = context.dNormed.array(gradient.shape());
    if (pre()) {
      function.backward(dropped(gradient), dInput);
      norm.backward(dInput, dNormed);
      gradient.addi(dNormed);
      return;
    }
    norm.backward(gradient, dNormed);
    function.backward(dropped(dNormed), dInput);
    Nd4jMath.add(dNormed, dInput, gradient);
  }

  private INDArray dropped(INDArray gradient) {
    if (!site.active()) {
      return gradient;
    }
    INDArray copy = context.dropped.array(gradient.shape());
    copy.assign(gradient);
    drop(copy);
    return copy;
  }
}
