package io.attune.neural.encoder;

/**
 * Reports an input value of a layer that is NaN or infinite: the data is broken, or the training of
 * the layers before it diverged. The message names layer, value, position and shape.
 */
public final class NonFiniteInput extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  NonFiniteInput(String message) {
    super(message);
  }
}
