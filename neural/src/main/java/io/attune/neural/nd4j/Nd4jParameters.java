package io.attune.neural.nd4j;

import io.attune.neural.encoder.EncoderLayout;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Provides the parameters of an encoder, or their gradients, as views of the flat vector. */
final class Nd4jParameters {
  private final EncoderLayout layout;
  private INDArray vector;
  private Map<String, INDArray> views = Map.of();

  Nd4jParameters(EncoderLayout layout) {
    this.layout = layout;
  }

  /** Sets the flat vector, unless it is null; cheap if it is the current one. */
  void view(INDArray other) {
    if (other != null && other != vector) {
      vector = other;
      views = layout.views(other);
    }
  }

  INDArray get(String name) {
    return views.get(name);
  }

  /** Returns all values of one parameter, {@code [values]}. */
  INDArray flat(String name) {
    INDArray view = get(name);
    return view.reshape(view.length());
  }
}
