package io.attune.neural.nd4j;

import io.attune.neural.encoder.Noise;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes one operation in the stack of an encoder, on packed tokens. */
interface Nd4jStep {
  /** Returns the result, {@code [tokens, width]}; {@code x} is not changed. */
  INDArray forward(INDArray x);

  /** Returns the memory of the last result. */
  GrowingArray result();

  /** Replaces the gradient with respect to the result by the one with respect to the input. */
  void backward(INDArray gradient);

  /** Applies a sublayer on the residual stream. */
  record WithResidual(Nd4jContext context, Nd4jSublayer sublayer, Dropped dropped)
      implements Nd4jStep {

    /** Selects the dropout site of the sublayer from the noise of a training step. */
    interface Dropped {
      Noise.Site of(Noise noise);
    }

    @Override
    public INDArray forward(INDArray x) {
      return sublayer.forward(x, dropped.of(context.pass.noise()));
    }

    @Override
    public GrowingArray result() {
      return sublayer.result();
    }

    @Override
    public void backward(INDArray gradient) {
      sublayer.backward(gradient);
    }
  }

  /** Applies a function, such as layer normalisation, without a residual connection. */
  record WithoutResidual(Nd4jContext context, Nd4jSublayer.Function function, GrowingArray result)
      implements Nd4jStep {
    @Override
    public INDArray forward(INDArray x) {
      INDArray out = result.array(x.shape());
      function.forward(x, out);
      return out;
    }

    @Override
    public void backward(INDArray gradient) {
      INDArray dInput = context.dInput.array(gradient.shape());
      function.backward(gradient, dInput);
      gradient.assign(dInput);
    }
  }
}
