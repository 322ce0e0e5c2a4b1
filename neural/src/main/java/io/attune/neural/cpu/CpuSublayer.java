package io.attune.neural.cpu;

import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.Norm;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;

/**
 * Computes a function on the residual stream with its normalisation and dropout, on packed tokens.
 */
final class CpuSublayer {

  /** Computes the values that a sublayer adds to its input. */
  interface Function {
    /**
     * Computes out = residual + f(in).
     *
     * @param residual may be {@code out}; null for 0
     */
    void addTo(Matrix in, Matrix residual, Matrix out);

    /**
     * Computes the gradient with respect to the input into {@code dIn}, and adds to the gradients
     * of parameters; {@code dOut} is not changed.
     */
    void backward(Matrix in, Matrix dOut, Matrix dIn);
  }

  /** Is a function that attends. */
  interface Attention extends Function {
    /**
     * Returns the weights of the last pass, which kept them, {@code [batch][head][query][key]}; 0
     * at padding.
     */
    float[][][][] traced();
  }

  private final CpuContext context;
  private final Function function;
  private final CpuNorm norm;
  private final Floats normed;
  private final Floats sums;
  private final Floats stream;

  private Noise.Site site;
  private Matrix input;
  private Matrix summed;

  CpuSublayer(CpuContext context, String name, Function function, MemoryPool<Floats> memory) {
    this.context = context;
    this.function = function;
    norm = new CpuNorm(context, name, memory.get("statistics"));
    normed = memory.get("normed");
    sums = memory.get("sums");
    stream = memory.get("stream");
  }

  Function function() {
    return function;
  }

  private boolean pre() {
    return context.shape.norm() == Norm.PRE;
  }

  private Matrix functionInput() {
    return pre() ? normed.matrix(input.rows(), input.columns()) : input;
  }

  /** Returns its result; it is {@code x} itself, overwritten, if nothing is kept. */
  Matrix forward(Matrix x, Noise.Site dropout) {
    input = x;
    site = dropout;
    boolean keeps = context.pass.keeps();
    Matrix out = keeps ? stream.matrix(x.rows(), x.columns()) : x;
    if (pre()) {
      norm.forward(x, functionInput());
      addFunction(x, out);
      return out;
    }
    summed = sums.matrix(x.rows(), x.columns());
    addFunction(x, summed);
    norm.forward(summed, out);
    return out;
  }

  /** Computes out = x + dropped(f). */
  private void addFunction(Matrix x, Matrix out) {
    if (!site.active()) {
      function.addTo(functionInput(), x, out);
      return;
    }
    Matrix added = context.dropped.matrix(x.rows(), x.columns());
    function.addTo(functionInput(), null, added);
    context.drop(added, site);
    context.kernels.add(x, added);
    added.copyTo(out);
  }

  /** Replaces the gradient with respect to the result by the one with respect to the input. */
  void backward(Matrix gradient) {
    Matrix dInput = context.dInput.matrix(gradient.rows(), gradient.columns());
    if (pre()) {
      function.backward(functionInput(), dropped(gradient), dInput);
      norm.backward(input, dInput, gradient);
      return;
    }
    Matrix dSum = context.dSum.matrix(gradient.rows(), gradient.columns());
    dSum.clear();
    norm.backward(summed, gradient, dSum);
    function.backward(functionInput(), dropped(dSum), dInput);
    dSum.copyTo(gradient);
    context.kernels.add(dInput, gradient);
  }

  private Matrix dropped(Matrix gradient) {
    if (!site.active()) {
      return gradient;
    }
    Matrix copy = context.dropped.matrix(gradient.rows(), gradient.columns());
    gradient.copyTo(copy);
    context.drop(copy, site);
    return copy;
  }
}
