package io.attune.pipeline.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of an encoder. Implementations share the parameter layout of {@link EncoderLayout}
 * and the dropped values of {@link Noise}; they keep their buffers from call to call and serve one
 * network, one call at a time.
 */
interface EncoderCompute {

  /**
   * Computes the pooled vectors.
   *
   * @param parameters flat vector in the layout of the encoder's shape
   * @param pooled {@code [batch, width]}, by rows; written
   */
  void forward(TokenBatch batch, Pass pass, INDArray parameters, INDArray pooled);

  /**
   * Computes the gradient of all parameters for the last {@link #forward}, whose pass kept what is
   * needed.
   *
   * @param epsilon gradient of the loss by the pooled vectors, {@code [batch, width]}
   * @param gradient flat vector in the layout of the parameters; overwritten
   */
  void backward(INDArray epsilon, INDArray gradient);

  /** What the last {@link #forward} attended to; its pass kept what is needed. */
  Attention attention();

  /**
   * What a forward computation is for.
   *
   * @param keeps whether {@link #backward} or {@link #attention} follow
   * @param noise what to drop
   */
  record Pass(boolean keeps, Noise noise) {
    static final Pass INFERENCE = new Pass(false, Noise.NONE);
    static final Pass TRACE = new Pass(true, Noise.NONE);
  }
}
