package io.attune.neural.encoder;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Computes an encoder, or a part of one, forward and backward. Implementations share the parameter
 * layout of {@link EncoderLayout} and the dropped values of {@link Noise}; they keep their buffers
 * from call to call and serve one network, one call at a time.
 */
public interface EncoderBackend {

  /**
   * Computes the output.
   *
   * @param batch token ids or vectors, as the encoder's shape says
   * @param parameters flat vector in the layout of the encoder's shape; null if that has none
   * @param output {@code [batch, width]} or, if nothing is pooled, {@code [batch, time, width]},
   *     contiguous, by rows; overwritten, with 0 at padding
   */
  void forward(TokenBatch batch, Pass pass, INDArray parameters, INDArray output);

  /**
   * Computes the gradient of all parameters for the last {@link #forward}, whose pass kept the
   * values needed.
   *
   * @param epsilon gradient of the loss with respect to the output, in its shape and any order;
   *     values at padding are not read
   * @param gradient flat vector in the layout of the parameters; overwritten; null if there are
   *     none
   * @param inputGradient gradient with respect to the input vectors, {@code [batch, time, width]},
   *     contiguous, by rows; overwritten, with 0 at padding; null if the input was token ids
   */
  void backward(INDArray epsilon, INDArray gradient, INDArray inputGradient);

  /**
   * Computes the gradient of all parameters, as {@link #backward(INDArray, INDArray, INDArray)},
   * after an input of token ids.
   */
  default void backward(INDArray epsilon, INDArray gradient) {
    backward(epsilon, gradient, null);
  }

  /**
   * Returns the attention weights of the last {@link #forward}, whose pass kept the values needed.
   */
  Attention attention();

  /**
   * Returns the bytes that this backend holds outside the heap for the values that a backward pass
   * needs; they grow with the largest batch so far. 0 if ND4J holds them.
   */
  default long keptBytes() {
    return 0;
  }

  /**
   * Describes the purpose of a forward pass.
   *
   * @param keeps whether {@link #backward} or {@link #attention} follow
   * @param noise values to drop
   * @param frozen whether the parameters are the same, to the bit, as in the last frozen pass, so
   *     that a backend need not prepare them again
   * @param int8 whether a backend may round the factors of dense layers to 8-bit integers
   */
  record Pass(boolean keeps, Noise noise, boolean frozen, boolean int8) {
    public static final Pass INFERENCE = new Pass(false, Noise.NONE);

    /** Infers with parameters that never change. */
    public static final Pass FROZEN = new Pass(false, Noise.NONE, true, false);

    /** Infers as {@link #FROZEN}, in 8-bit integers where the processor multiplies them fast. */
    public static final Pass INT8 = new Pass(false, Noise.NONE, true, true);

    public static final Pass TRACE = new Pass(true, Noise.NONE);

    public Pass(boolean keeps, Noise noise) {
      this(keeps, noise, false, false);
    }
  }
}
