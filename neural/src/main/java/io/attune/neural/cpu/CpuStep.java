package io.attune.neural.cpu;

import io.attune.neural.encoder.Noise;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;

/** Computes one operation in the stack of an encoder, on packed tokens. */
interface CpuStep {
  /**
   * Returns the result, {@code [tokens, width]}; {@code x} may be overwritten if nothing is kept.
   */
  Matrix forward(Matrix x);

  /** Replaces the gradient with respect to the result by the one with respect to the input. */
  void backward(Matrix gradient);

  /** Applies a sublayer on the residual stream. */
  record WithResidual(CpuContext context, CpuSublayer sublayer, Dropped dropped)
      implements CpuStep {

    /** Selects the dropout site of the sublayer from the noise of a training step. */
    interface Dropped {
      Noise.Site of(Noise noise);
    }

    @Override
    public Matrix forward(Matrix x) {
      return sublayer.forward(x, dropped.of(context.pass.noise()));
    }

    @Override
    public void backward(Matrix gradient) {
      sublayer.backward(gradient);
    }
  }

  /** Applies a function without a residual connection. */
  final class WithoutResidual implements CpuStep {
    private final CpuContext context;
    private final CpuSublayer.Function function;
    private final Floats result = Floats.growing();
    private Matrix input;

    WithoutResidual(CpuContext context, CpuSublayer.Function function) {
      this.context = context;
      this.function = function;
    }

    @Override
    public Matrix forward(Matrix x) {
      input = x;
      Matrix out = result.matrix(x.rows(), x.columns());
      function.addTo(x, null, out);
      return out;
    }

    @Override
    public void backward(Matrix gradient) {
      Matrix dInput = context.dInput.matrix(gradient.rows(), gradient.columns());
      function.backward(input, gradient, dInput);
      dInput.copyTo(gradient);
    }
  }

  /** Applies layer normalisation without a sublayer. */
  final class Normalize implements CpuStep {
    private final CpuContext context;
    private final CpuNorm norm;
    private final Floats normed = Floats.growing();
    private Matrix input;

    Normalize(CpuContext context, String name) {
      this.context = context;
      norm = new CpuNorm(context, name, Floats.growing());
    }

    @Override
    public Matrix forward(Matrix x) {
      input = x;
      Matrix out = normed.matrix(x.rows(), x.columns());
      norm.forward(x, out);
      return out;
    }

    @Override
    public void backward(Matrix gradient) {
      Matrix before = context.dInput.matrix(gradient.rows(), gradient.columns());
      before.clear();
      norm.backward(input, gradient, before);
      before.copyTo(gradient);
    }
  }
}
