package io.attune.neural.cpu;

import io.attune.neural.memory.Matrix;

/** Computes a dense layer, x W + b, on packed tokens. */
interface CpuDense {

  /** Computes out = x W + b. */
  void forward(Matrix x, Matrix out);

  /**
   * Computes out = residual + x W + b.
   *
   * @param residual may be {@code out}; null for 0
   */
  void forwardOnto(Matrix x, Matrix residual, Matrix out);

  /**
   * Computes the gradient with respect to x into {@code dX}, and adds to those of the parameters.
   */
  default void backward(Matrix x, Matrix dOut, Matrix dX) {
    addBiasGradient(dOut);
    backwardOfProduct(x, dOut, dX);
  }

  /** Adds to the gradient of b. */
  void addBiasGradient(Matrix dOut);

  /** Computes the gradient with respect to x into {@code dX}, and adds to that of W. */
  void backwardOfProduct(Matrix x, Matrix dOut, Matrix dX);

  /** Computes a dense layer in floats, by {@link Gemm}. */
  final class OfFloats implements CpuDense {
    private final CpuContext context;
    private final String weight;
    private final String bias;
    private final Int8Dense int8;

    OfFloats(CpuContext context, String name) {
      this.context = context;
      weight = name + ".weight";
      bias = name + ".bias";
      int8 = new Int8Dense(context, name);
    }

    @Override
    public void forward(Matrix x, Matrix out) {
      if (context.quantizes()) {
        int8.forwardOnto(x, null, out);
        return;
      }
      context.kernels.fill(context.weights.row(bias), out);
      context.gemm.add(x, context.weights.get(weight), out);
    }

    @Override
    public void forwardOnto(Matrix x, Matrix residual, Matrix out) {
      if (residual == null) {
        forward(x, out);
        return;
      }
      if (context.quantizes()) {
        int8.forwardOnto(x, residual, out);
        return;
      }
      context.kernels.sum(residual, context.weights.row(bias), out);
      context.gemm.add(x, context.weights.get(weight), out);
    }

    @Override
    public void addBiasGradient(Matrix dOut) {
      context.kernels.addColumnSums(dOut, context.gradients.row(bias));
    }

    @Override
    public void backwardOfProduct(Matrix x, Matrix dOut, Matrix dX) {
      context.gemm.addTransposedLeft(x, dOut, context.gradients.get(weight));
      context.gemm.setTransposedRight(dOut, context.weights.get(weight), dX);
    }
  }
}
