package io.attune.neural.ngram;

import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Provides the parameters, or their gradients, as matrices in the flat vector. */
final class NgramMatrices {
  private final NgramLayout layout;
  private final Map<String, Matrix> matrices = new HashMap<>();
  private INDArray viewed;

  NgramMatrices(NgramLayout layout) {
    this.layout = layout;
  }

  /** Sets the flat vector; cheap if it is the current one. Returns whether it is another one. */
  boolean view(INDArray vector) {
    if (viewed == vector) {
      return false;
    }
    viewed = vector;
    Floats flat = Floats.of(vector);
    for (Slot slot : layout.slots()) {
      matrices.put(
          slot.name(),
          new Matrix(flat, (int) slot.offset(), slot.rows(), slot.columns(), slot.columns()));
    }
    return true;
  }

  Matrix get(String name) {
    return matrices.get(name);
  }

  /** Sets all values to 0. */
  void clear() {
    matrices.values().forEach(Matrix::clear);
  }
}
