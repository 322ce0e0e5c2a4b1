package io.attune.neural.nd4j;

import io.attune.neural.encoder.Noise;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One step of the way from a batch's first vectors to its last, on packed tokens. */
interface Nd4jStep {
  /** Its result, {@code [tokens, width]}; {@code x} is left as it is. */
  INDArray forward(INDArray x);

  /** Where the last result lies. */
  GrowingArray result();

  /** Turns the gradient by the result into the gradient by the input, in place. */
  void backward(INDArray gradient);

  /** A function on the residual stream. */
  record WithResidual(Nd4jContext context, Nd4jSublayer sublayer, Dropped dropped)
      implements Nd4jStep {

    /** Which dropout site of the step's noise the sublayer has. */
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

  /** A function, such as layer normalisation, by itself. */
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
