package io.attune.neural.encoder;

/**
 * A layer was given a value that is not a number, or infinite: the data is broken, or the training
 * of the layers before it diverged. The message names layer, value, place and shape.
 */
public final class NonFiniteInput extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  NonFiniteInput(String message) {
    super(message);
  }
}
