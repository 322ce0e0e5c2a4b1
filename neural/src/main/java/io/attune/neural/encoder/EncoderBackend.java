package io.attune.neural.encoder;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of an encoder, or of a part of one. Implementations share the parameter layout of
 * {@link EncoderLayout} and the dropped values of {@link Noise}; they keep their buffers from call
 * to call and serve one network, one call at a time.
 */
public interface EncoderBackend {

  /**
   * Computes what comes out.
   *
   * @param batch token ids or vectors, as the encoder's shape says
   * @param parameters flat vector in the layout of the encoder's shape; null if that has none
   * @param output {@code [batch, width]} or, if nothing is pooled, {@code [batch, time, width]}, in
   *     one piece, by rows; overwritten, with 0 at padding
   */
  void forward(TokenBatch batch, Pass pass, INDArray parameters, INDArray output);

  /**
   * Computes the gradient of all parameters for the last {@link #forward}, whose pass kept what is
   * needed.
   *
   * @param epsilon gradient of the loss by the output, in its shape and any order; what stands at
   *     padding is not read
   * @param gradient flat vector in the layout of the parameters; overwritten; null if there are
   *     none
   * @param inputGradient gradient by the vectors that went in, {@code [batch, time, width]}, in one
   *     piece, by rows; overwritten, with 0 at padding; null if token ids went in
   */
  void backward(INDArray epsilon, INDArray gradient, INDArray inputGradient);

  /** The same for what token ids went into. */
  default void backward(INDArray epsilon, INDArray gradient) {
    backward(epsilon, gradient, null);
  }

  /** What the last {@link #forward} attended to; its pass kept what is needed. */
  Attention attention();

  /**
   * What a forward computation is for.
   *
   * @param keeps whether {@link #backward} or {@link #attention} follow
   * @param noise what to drop
   */
  record Pass(boolean keeps, Noise noise) {
    public static final Pass INFERENCE = new Pass(false, Noise.NONE);
    public static final Pass TRACE = new Pass(true, Noise.NONE);
  }
}
